package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"steledesk/infra/local/demo"
	"steledesk/infra/local/stack"
)

// privacy is the part "privacy": marked people and words go through everything the desk does, and are looked for in
// everything that is left of it.
type privacy struct {
	house *house
	staff *staff
	log   *journal

	words, people []mark   // what was written; names and phones
	codes         []mark   // visitors' codes
	numbers       []string // of the tickets
	receipts      map[string]receipt
}

// journal keeps what the host and the functions' processes print.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(b []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(b)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

func openPrivacy(ctx context.Context, p place) (*privacy, error) {
	v := &privacy{log: &journal{}, receipts: map[string]receipt{}}
	h, err := openHouse(ctx, p, plan{seed: 1, change: func(s *stack.Settings) {
		o := roomy()
		s.Parameters, s.Seed = nil, demo.Seed(o) // groups and mailboxes of the sink, as the demonstration has them
		s.Logger = slog.New(slog.NewTextHandler(v.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}})
	if err != nil {
		return nil, err
	}
	v.house, v.staff = h, &staff{house: h, tokens: map[string]string{}}
	return v, nil
}

func runPrivacy(ctx context.Context, p place, out *report) error {
	v, err := openPrivacy(ctx, p)
	if err != nil {
		return err
	}
	defer v.house.Close()
	if err := v.play(ctx); err != nil {
		return err
	}
	left, err := v.gather(ctx)
	if err != nil {
		return err
	}
	left.judge(out)
	return v.afterwards(ctx, out)
}

// play has three visitors and a supervisor live through all that the desk does with words and people.
func (v *privacy) play(ctx context.Context) error {
	for i, kind := range []string{"complaint", "enquiry", "report"} {
		if err := v.visitor(ctx, kind, i); err != nil {
			return err
		}
	}
	said := v.write("监督意见暗语戌")
	a, err := v.staff.as(ctx, "supervisor", "POST", "/v1/feedback", fmt.Sprintf(`{"about":{"what":"section","id":"ticketing"},"text":%q}`, said),
		"Idempotency-Key", "privacy-feedback-0001")
	if err == nil && a.status != http.StatusCreated {
		err = fmt.Errorf("feedback: %d %.300s", a.status, a.body)
	}
	if err != nil {
		return err
	}
	return v.papers(ctx)
}

// write notes words that a person writes.
func (v *privacy) write(text string) string {
	v.words = append(v.words, mark{"text", text})
	return text
}

func (v *privacy) visitor(ctx context.Context, kind string, i int) error {
	name, phone := "慕容"+[]string{"甲", "乙", "丙"}[i], fmt.Sprintf("1371234567%d", i)
	id, plate := fmt.Sprintf("43010219900307123%d", i), fmt.Sprintf("湘M1234%d", i)
	v.people = append(v.people, mark{"name", name}, mark{"phone", phone})
	v.words = append(v.words, mark{"ID number", id}, mark{"plate", plate})
	text := v.write(fmt.Sprintf("排队暗语子%d", i)) + "，身份证" + id + "，车牌" + plate
	wish := v.write(fmt.Sprintf("愿望暗语丑%d", i))
	a := v.house.insist(ctx, "POST", "/v1/tickets", fmt.Sprintf(`{"kind":%q,"category":"ticketing","spot":"BL01","text":%q,"wish":%q,"publishable":%v,"contact":{"name":%q,"phone":%q}}`,
		kind, text, wish, kind != "report", name, phone), "Idempotency-Key", fmt.Sprintf("privacy-visitor-%04d", i))
	var r receipt
	if err := json.Unmarshal(a.body, &r); err != nil || a.status != http.StatusCreated {
		return fmt.Errorf("file a %s: %d %.300s", kind, a.status, a.body)
	}
	v.numbers, v.receipts[r.Number] = append(v.numbers, r.Number), r
	v.codes = append(v.codes, mark{"code", r.Code})
	return v.handled(ctx, r, kind, i)
}

// handled is what a section and the office do with a ticket, and the visitor with their answer.
func (v *privacy) handled(ctx context.Context, r receipt, kind string, i int) error {
	login, overseer := r.Section.ID, "office"
	if kind == "report" {
		overseer = "discipline"
	}
	l := &ledger{filed: map[string]string{}}
	one := &life{house: v.house, staff: v.staff, ledger: l, kind: kind, key: fmt.Sprintf("privacy-life-%04d", i), receipt: r, r: newRand(1, uint64(i))}
	one.visit(ctx, "message", fmt.Sprintf(`{"text":%q}`, v.write(fmt.Sprintf("留言暗语寅%d", i))), "messaged")
	one.command(ctx, login, "sign", `{}`, "signed")
	one.command(ctx, login, "note", fmt.Sprintf(`{"text":%q}`, v.write(fmt.Sprintf("备注暗语卯%d", i))), "noted")
	if a, err := v.staff.as(ctx, login, "POST", "/v1/desk/tickets/"+r.Number+"/contact", `{"reason":"电话核实"}`); err != nil || a.status != http.StatusOK {
		return fmt.Errorf("reveal: %d %.300s, %w", a.status, a.body, err)
	}
	one.command(ctx, login, "answer", fmt.Sprintf(`{"outcome":"explained","text":%q}`, v.write(fmt.Sprintf("答复暗语辰%d", i))), "answered")
	if kind == "complaint" {
		one.command(ctx, overseer, "approve", `{}`, "approved")
	}
	one.visit(ctx, "rating", fmt.Sprintf(`{"solved":"yes","level":5,"text":%q}`, v.write(fmt.Sprintf("评价暗语巳%d", i))), "rated")
	for path, header := range map[string]string{"/v1/tickets/" + r.Number: "X-Ticket-Code", "/v1/tickets/WX-00000000": "X-Ticket-Code"} {
		v.house.call(ctx, "GET", path, "", header, r.Code)
		v.house.call(ctx, "POST", path+"/message", `{"text":"`+v.write(fmt.Sprintf("错码暗语午%d", i))+`"}`, header, "AAAAA-AAAAA")
	}
	if len(l.odd) > 0 {
		return fmt.Errorf("play a %s: %v", kind, l.odd)
	}
	return nil
}

// papers has the month's digest made, in its every form.
func (v *privacy) papers(ctx context.Context) error {
	if err := v.house.orderDigest(ctx); err != nil {
		return err
	}
	return v.house.drain(ctx, 2*time.Minute)
}

// orderDigest asks for the digest of the month that runs, as the office may.
func (h *house) orderDigest(ctx context.Context) error {
	client := sqs.NewFromConfig(h.checker())
	found, err := client.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: aws.String("steledesk-digest")})
	if err == nil {
		month := h.now().In(time.FixedZone("", 8*3600)).Format("2006-01")
		_, err = client.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: found.QueueUrl, MessageBody: aws.String(`{"v":1,"month":"` + month + `","by":"office"}`)})
	}
	if err != nil {
		return fmt.Errorf("order a digest: %w", err)
	}
	return nil
}

// leftovers is everything that is left of what was played.
type leftovers struct {
	items, queues, buckets, outside, logs, disk []trace
	people, words, codes                        []mark
	papers                                      int
}

func (v *privacy) gather(ctx context.Context) (*leftovers, error) {
	e := &leftovers{people: v.people, words: v.words, codes: v.codes}
	table, err := v.house.table(ctx)
	if err != nil {
		return nil, err
	}
	for _, item := range table.Items {
		e.items = append(e.items, trace{strings.Join(strings.SplitN(item, " ", 3)[:2], " "), item})
	}
	if e.disk, err = filesUnder(v.house.data); err != nil {
		return nil, err
	}
	for _, f := range e.disk {
		switch {
		case strings.HasPrefix(f.where, "queues.sqlite"):
			e.queues = append(e.queues, f)
		case strings.HasPrefix(f.where, "buckets"):
			e.buckets = append(e.buckets, f)
		case strings.HasPrefix(f.where, "outside"):
			e.outside = append(e.outside, f)
		}
		if strings.HasSuffix(f.where, "/word/document.xml") || strings.HasSuffix(f.where, "/xl/workbook.xml") {
			e.papers++
		}
	}
	e.logs = append(e.logs, trace{"the host's log", v.log.String()})
	for _, f := range v.house.Functions().Stats() {
		for _, line := range f.Lines {
			e.logs = append(e.logs, trace{"the log of " + f.Name, line.Text})
		}
	}
	return e, nil
}

// judge looks for every mark in everything.
func (e *leftovers) judge(out *report) {
	all := append(append(append([]mark{}, e.people...), e.words...), e.codes...)
	look := func(part string, traces []trace, marks []mark, belongs func(trace, mark) bool, expected string) {
		bad := leaks(traces, marks, belongs)
		if len(traces) == 0 {
			bad = append(bad, "there is nothing to look through: this run shows nothing")
		}
		out.hold("privacy: "+part, fmt.Sprintf("%d marks", len(marks)), expected, fmt.Sprintf("%d texts looked through", len(traces)), bad)
	}
	look("table", e.items, all, wordsBelong, "words only in their own events and gist, names, phones and codes nowhere")
	look("disk", e.disk, append(append([]mark{}, e.people...), e.codes...), nowhere, "names, phones and codes are in no file at all")
	look("queues", e.queues, all, nowhere, "nothing")
	look("bucket", e.buckets, all, nowhere, "nothing")
	look("bots and mail", e.outside, all, nowhere, "nothing")
	look("logs", e.logs, all, nowhere, "nothing")
	var missing []string
	if e.papers < 2 {
		missing = append(missing, fmt.Sprintf("%d papers", e.papers))
	}
	out.hold("privacy: papers", "the month's digest", "documents and workbooks were made, and looked through with the bucket", fmt.Sprintf("%d", e.papers), missing)
}

// wordsBelong lets words stand in the events of tickets, and at the head for the desk's list.
func wordsBelong(t trace, m mark) bool {
	ticket := strings.HasPrefix(t.where, "T#") && (strings.Contains(t.where, " E#") || strings.HasSuffix(t.where, " HEAD"))
	return ticket && (m.kind == "text" || m.kind == "ID number" || m.kind == "plate")
}

// afterwards lets the time pass for which contacts are kept, and looks for them again.
func (v *privacy) afterwards(ctx context.Context, out *report) error {
	before, err := v.contacts(ctx)
	if err != nil {
		return err
	}
	v.house.skip(400 * 24 * time.Hour) // twelve months and a month
	if err := v.house.Sweep(ctx); err != nil {
		return err
	}
	after, err := v.contacts(ctx)
	if err != nil {
		return err
	}
	var bad []string
	if len(before) != len(v.numbers) {
		bad = append(bad, fmt.Sprintf("%d contacts were kept before", len(before)))
	}
	for _, number := range v.numbers {
		a, err := v.staff.as(ctx, v.receipts[number].Section.ID, "POST", "/v1/desk/tickets/"+number+"/contact", `{"reason":"核实"}`)
		if err != nil {
			return err
		}
		if leak := leaks([]trace{{number, string(a.body)}}, v.people, nowhere); a.status == http.StatusOK || len(leak) > 0 {
			bad = append(bad, fmt.Sprintf("%s still tells: %d %.100s", number, a.status, a.body))
		}
	}
	out.hold("privacy: retention", "thirteen months pass", "no name or phone can be read back", fmt.Sprintf("%d contacts before, %d after", len(before), len(after)), append(bad, after...))
	return nil
}

// contacts are the tickets of which a contact is stored.
func (v *privacy) contacts(ctx context.Context) ([]string, error) {
	table, err := v.house.table(ctx)
	if err != nil {
		return nil, err
	}
	var kept []string
	for number, k := range table.Tickets {
		if k.Contact != "" {
			kept = append(kept, number)
		}
	}
	return kept, nil
}
