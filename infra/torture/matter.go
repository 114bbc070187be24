package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// matter is one course as it is lived, with marked people and words.
type matter struct {
	*privacy
	course
	n       int
	one     *life
	contact int // how often a contact was given
}

func (m *matter) live(ctx context.Context) error {
	r, err := m.file(ctx)
	if err != nil {
		return err
	}
	m.receipts, m.numbers = append(m.receipts, r), append(m.numbers, r.Number)
	m.mark("code", r.Code, r.Number)
	m.one = &life{
		house: m.house, staff: m.staff, ledger: &ledger{filed: map[string]string{}}, kind: m.kind,
		key: fmt.Sprintf("privacy-life-%04d", m.n), receipt: r, r: newRand(1, uint64(m.n)),
	}
	for _, s := range m.steps {
		if err := m.do(ctx, s); err != nil {
			return fmt.Errorf("%s by %q: %w", s.name, s.who, err)
		}
	}
	m.wrongCode(ctx)
	return nil
}

// person gives a marked name and phone.
func (m *matter) person() (name, phone string) {
	m.contact++
	name = "慕容" + string([]rune("甲乙丙丁戊己庚辛")[m.n]) + string([]rune("春夏秋冬")[m.contact])
	return m.mark("name", name, ""), m.mark("phone", fmt.Sprintf("1371234%02d%02d", m.n, m.contact), "")
}

// file files the matter, over the API or by the form.
func (m *matter) file(ctx context.Context) (r receipt, err error) {
	name, phone := m.person()
	id, plate := fmt.Sprintf("43010219900307123%d", m.n), fmt.Sprintf("湘M1234%d", m.n)
	first := len(m.marks)
	m.mark("ID number", id, "")
	m.mark("plate", plate, "")
	words := m.write("来件", "") + "，身份证" + id + "，车牌" + plate
	wish := m.write("愿望", "")
	if m.form {
		r, err = m.fileForm(ctx, words, wish, name, phone)
	} else {
		r, err = m.fileCall(ctx, words, wish, name, phone)
	}
	for i := range m.marks[first:] { // whose they are is known by now
		m.marks[first+i].ticket = r.Number
	}
	return r, err
}

func (m *matter) fileCall(ctx context.Context, words, wish, name, phone string) (r receipt, err error) {
	photo, err := m.photo(ctx)
	if err != nil {
		return r, err
	}
	a := m.house.insist(ctx, "POST", "/v1/tickets", fmt.Sprintf(
		`{"kind":%q,"category":%q,"spot":"BL01","text":%q,"wish":%q,"publishable":%v,"photos":[%q],"contact":{"name":%q,"phone":%q}}`,
		m.kind, m.category, words, wish, m.kind != "report", photo, name, phone), "Idempotency-Key", fmt.Sprintf("privacy-visitor-%04d", m.n))
	if err := json.Unmarshal(a.body, &r); err != nil || a.status != http.StatusCreated {
		return r, fmt.Errorf("file: %d %.300s", a.status, a.body)
	}
	return r, nil
}

var opens = regexp.MustCompile(`name="(number|code)" value="([^"]+)"`)

func (m *matter) fileForm(ctx context.Context, words, wish, name, phone string) (r receipt, err error) {
	a := m.submit(ctx, "/file", url.Values{
		"key": {fmt.Sprintf("privacy-form-%04d", m.n)}, "kind": {m.kind}, "category": {m.category}, "spot": {"BL01"},
		"text": {words}, "wish": {wish}, "name": {name}, "phone": {phone},
	})
	for _, found := range opens.FindAllSubmatch(a.body, -1) {
		switch string(found[1]) {
		case "number":
			r.Number = string(found[2])
		case "code":
			r.Code = string(found[2])
		}
	}
	if r.Number == "" || r.Code == "" {
		return r, fmt.Errorf("file by form: %d %.300s", a.status, a.body)
	}
	r.Section.ID = m.category
	return r, nil
}

// submit sends a form as a browser does, and keeps the cookies it is given.
func (v *privacy) submit(ctx context.Context, path string, form url.Values) answer {
	a := v.house.insist(ctx, "POST", path+"?lang=zh", form.Encode(), "Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "same-origin")
	for _, cookie := range a.header.Values("Set-Cookie") {
		v.cookies = append(v.cookies, trace{"a cookie of " + path, cookie})
	}
	return a
}

// do does one step.
func (m *matter) do(ctx context.Context, s step) error {
	who := s.who
	switch who {
	case bySection:
		who = m.one.Section.ID
	case byOverseer:
		who = m.one.overseer()
	}
	switch {
	case s.name == "push":
		return m.subscribe(ctx)
	case s.name == "contact" && who != byVisitor:
		return m.reveal(ctx, who)
	case s.name == "contact" || s.name == "contact-delete":
		return m.change(ctx, s.name == "contact")
	}
	body, err := m.filled(ctx, s)
	if err != nil {
		return err
	}
	done := false
	switch {
	case who != byVisitor:
		done = m.one.command(ctx, who, s.name, body, s.name)
	case m.form:
		done, err = m.follow(ctx, s.name, body)
	default:
		done = m.one.visit(ctx, s.name, body, s.name)
	}
	if !done {
		return fmt.Errorf("the desk did not take it: %v, %v", m.one.ledger.odd, err)
	}
	return nil
}

// filled gives what a step sends, with a marked text and a marked photo.
func (m *matter) filled(ctx context.Context, s step) (string, error) {
	body := s.body
	if before, after, is := strings.Cut(body, "TEXT"); is {
		body = before + m.write(s.name, m.one.Number) + after
	}
	if strings.Contains(body, "PHOTO") {
		id, err := m.photo(ctx)
		if err != nil {
			return "", err
		}
		body = strings.Replace(body, "PHOTO", id, 1)
	}
	return body, nil
}

// follow gives a visitor's command on the ticket's page.
func (m *matter) follow(ctx context.Context, name, body string) (bool, error) {
	var fields map[string]any
	if err := json.Unmarshal([]byte(body), &fields); err != nil {
		return false, err
	}
	form := url.Values{"number": {m.one.Number}, "code": {m.one.Code}, "key": {fmt.Sprintf("privacy-page-%04d-%s", m.n, name)}}
	for field, value := range fields {
		form.Set(field, fmt.Sprint(value))
	}
	a := m.submit(ctx, "/follow/"+name, form)
	if a.status != http.StatusOK {
		return false, fmt.Errorf("%d %.300s", a.status, a.body)
	}
	return true, nil
}

// subscribe has a phone told of the ticket's news.
func (m *matter) subscribe(ctx context.Context) error {
	id := m.mark("push", fmt.Sprintf("phone-of-visitor-%03d", m.n), "")
	const key, auth = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4", "BTBZMqHH6r4Tts7J_aSIgg" // of RFC 8291
	a := m.house.insist(ctx, "PUT", "/v1/tickets/"+m.one.Number+"/push", fmt.Sprintf(`{"endpoint":%q,"keys":{"p256dh":%q,"auth":%q}}`,
		m.house.URL()+"/local/bots/push/"+id, key, auth), "X-Ticket-Code", m.one.Code)
	if a.status != http.StatusNoContent {
		return fmt.Errorf("%d %.300s", a.status, a.body)
	}
	return nil
}

// reveal shows a contact to somebody who says why; the reason is marked too.
func (m *matter) reveal(ctx context.Context, login string) error {
	m.said++
	reason := m.mark("reason", fmt.Sprintf("核实暗语%03d", m.said), m.one.Number)
	a, err := m.staff.as(ctx, login, "POST", "/v1/desk/tickets/"+m.one.Number+"/contact", fmt.Sprintf(`{"reason":%q}`, reason))
	if err == nil && a.status != http.StatusOK {
		err = fmt.Errorf("%d %.300s", a.status, a.body)
	}
	return err
}

// change corrects the visitor's contact, or deletes it.
func (m *matter) change(ctx context.Context, other bool) error {
	method, body := "DELETE", ""
	if other {
		name, phone := m.person()
		method, body = "PUT", fmt.Sprintf(`{"name":%q,"phone":%q}`, name, phone)
	}
	a := m.house.insist(ctx, method, "/v1/tickets/"+m.one.Number+"/contact", body, "X-Ticket-Code", m.one.Code)
	if a.status/100 != 2 {
		return fmt.Errorf("%s: %d %.300s", cmp.Or(body, method), a.status, a.body)
	}
	return nil
}

// wrongCode is somebody who has the number alone, or a number that nobody has; what they write belongs nowhere.
func (m *matter) wrongCode(ctx context.Context) {
	for _, number := range []string{m.one.Number, "WX-00000000"} {
		path := "/v1/tickets/" + number
		m.house.call(ctx, "POST", path+"/message", `{"text":"`+m.write("错码", "nobody")+`"}`, "X-Ticket-Code", "AAAAA-AAAAA")
		m.house.call(ctx, "GET", path, "", "X-Ticket-Code", m.one.Code)
	}
}
