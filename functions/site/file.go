package main

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"steledesk/shared/httpapi"
	"steledesk/shared/office"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
	"steledesk/shared/web"
)

// home shows the form. A QR code on the grounds names its spot: /?p=BL01.
func (s *site) home(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	here := "/"
	spot := r.Query("p")
	if spot != "" {
		here += "?" + url.Values{"p": {spot}}.Encode()
	}
	frame, err := s.frame(ctx, r, here)
	if err != nil {
		return httpapi.Response{}, err
	}
	page := s.fileForm(frame, url.Values{"spot": {spot}, "scanned": {spot}}, nil, r.Now)
	page.Unsaved = unsaved(s.mine(r))
	if page.Scanned() != nil {
		s.tellMatters(ctx, &page, r.Now)
	}
	if r.Query("shell") != "" { // kept by phones: each filing made of it needs a key of its own
		page.Key = ""
	}
	return page.Show()
}

// tellMatters tells what others reported at the spot that was scanned. It is a hint: a form without it is better than
// none, and the phone's script asks once more.
func (s *site) tellMatters(ctx context.Context, page *web.FilePage, now time.Time) {
	matters, err := s.desk.Matters(ctx, page.Spot, now)
	if err != nil {
		s.log.WarnContext(ctx, "form shown without the matters of its spot", "spot", page.Spot, "error", err.Error())
		return
	}
	page.Looked, page.Matters = page.Spot, matters
}

// fileForm is the form: empty, or with what was typed and what is wrong with it.
func (s *site) fileForm(frame web.Frame, typed url.Values, p *httpapi.Problem, now time.Time) web.FilePage {
	key, scanned := typed.Get("key"), typed.Get("scanned")
	if !usable(key) || p != nil && p.Code == "key-reused" {
		key = newKey()
	}
	if frame.Here == "" {
		frame.Again = web.Again{Path: "/file?again=1", Form: "filing"}
	}
	frame.Place = "/"
	_, known := frame.Office.Spot(scanned)
	return web.FilePage{
		Frame: frame, Key: key, Opened: cmp.Or(typed.Get("opened"), s.gate.Opened(now)),
		Spot: scanned, UnknownSpot: scanned != "" && !known,
		Form: web.Form{Name: "form", Language: frame.Language, Typed: typed, Problem: p},
	}
}

// usable reports whether a key is long enough to be nobody else's.
func usable(key string) bool { return len(key) >= 16 && len(key) <= 128 }

// filing is a matter as the form sends it: the API's rules, with the fields in the page's order.
type filing struct {
	Kind        string    `json:"kind" validate:"required,visitorkind"`
	Category    string    `json:"category" validate:"required,category"`
	Spot        string    `json:"spot" validate:"omitempty,spot"`
	Text        string    `json:"text" validate:"required,max=2000,notblank,plaintext"`
	Wish        string    `json:"wish" validate:"max=500,plaintext"`
	HappenedAt  time.Time `json:"happenedAt" validate:"past"`
	Name        string    `json:"name" validate:"max=50,plaintext"`
	Phone       string    `json:"phone" validate:"omitempty,phone"`
	Publishable bool      `json:"publishable"`
}

func (s *site) file(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	frame, err := s.frame(ctx, r, "")
	if err != nil {
		return httpapi.Response{}, err
	}
	typed, err := typed(r)
	if err != nil {
		return httpapi.Response{}, err
	}
	if r.Query("again") != "" { // only to be shown in another way
		return s.fileForm(frame, typed, nil, r.Now).Show()
	}
	key := typed.Get("key")
	m, err := s.matter(ctx, r, frame.Office)
	if err != nil {
		return httpapi.Response{}, err
	}
	if err := s.gate.Admit(ctx, arrival(key, m, typed), r.Now); err != nil {
		return httpapi.Response{}, err
	}
	receipt, err := s.desk.File(ctx, key, m, r.Now)
	if err != nil {
		return httpapi.Response{}, err
	}
	page := s.receiptPage(r, frame, receipt)
	page.HasContact = m.Contact != visitor.Contact{}
	response, err := page.Show()
	if err != nil {
		return response, err
	}
	return s.keep(r, response, owned(receipt.Number, receipt.Kind, receipt.FiledAt), false)
}

// matter reads and checks the form. Its photos are kept whatever else is wrong with it, as many as the gate gives slots
// for. The error is an *httpapi.Invalid, or one of visitor.Gate's.
func (s *site) matter(ctx context.Context, r *httpapi.Request, o *office.Office) (visitor.Matter, error) {
	typed := r.Form
	key := typed.Get("key")
	if !usable(key) { // what is missing besides is said first: a form that is empty is no fault of a key
		if _, err := readFiling(ctx, r, typed, o); err != nil {
			return visitor.Matter{}, err
		}
		return visitor.Matter{}, &httpapi.Invalid{Code: "key-missing"}
	}
	slots := func(n int) error { return s.gate.AdmitSlots(ctx, key, n, typed.Get("proof"), r.Now) }
	if err := s.takePhotos(ctx, r, key, slots); err != nil {
		return visitor.Matter{}, err
	}
	f, err := readFiling(ctx, r, typed, o)
	if err != nil {
		return visitor.Matter{}, err
	}
	m := f.matter(r.Language)
	m.Photos, err = s.photosOf(ctx, r)
	return m, err
}

// arrival is a filing as the gate weighs it. What people do not see of the form, they do not fill in.
func arrival(key string, m visitor.Matter, typed url.Values) visitor.Arrival {
	return visitor.Arrival{
		Key: key, Matter: m, Proof: typed.Get("proof"), Form: true, Opened: typed.Get("opened"), Trap: typed.Get("homepage") != "",
	}
}

// readFiling reads and checks the form. The error is an *httpapi.Invalid that names every bad field.
func readFiling(ctx context.Context, r *httpapi.Request, typed url.Values, o *office.Office) (filing, error) {
	happened, readable := localTime(typed.Get("happenedAt"))
	f := filing{
		Kind: typed.Get("kind"), Category: typed.Get("category"), Spot: typed.Get("spot"),
		Text: typed.Get("text"), Wish: typed.Get("wish"), HappenedAt: happened,
		Name: typed.Get("name"), Phone: strings.TrimSpace(typed.Get("phone")), Publishable: typed.Get("publishable") == "yes",
	}
	err := r.Validate(ctx, f, o)
	if readable {
		return f, err
	}
	bad := &httpapi.Invalid{Code: "invalid"}
	if err != nil && !errors.As(err, &bad) {
		return f, err
	}
	bad.Fields = append(bad.Fields, httpapi.Field{Pointer: "/happenedAt", Code: "time"})
	slices.SortStableFunc(bad.Fields, inOrder)
	return f, bad
}

// inOrder sorts fields as the page has them.
func inOrder(a, b httpapi.Field) int {
	order := []string{"/kind", "/category", "/spot", "/text", "/wish", "/happenedAt", "/name", "/phone"}
	return slices.Index(order, a.Pointer) - slices.Index(order, b.Pointer)
}

// localTime reads a time as browsers write it, or as people do in those that have no picker. It
// is Beijing time. Nothing is the zero time, and readable.
func localTime(text string) (time.Time, bool) {
	text = strings.TrimSpace(strings.NewReplacer("T", " ", "/", "-", "：", ":").Replace(text))
	if text == "" {
		return time.Time{}, true
	}
	for _, layout := range []string{"2006-1-2 15:04", "2006-1-2 15:04:05", "2006-1-2"} {
		if t, err := time.ParseInLocation(layout, text, ticket.Zone); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

func (f filing) matter(language string) visitor.Matter {
	return visitor.Matter{
		Kind: ticket.Kind(f.Kind), Category: f.Category, Spot: f.Spot,
		Text: strings.TrimSpace(f.Text), Wish: strings.TrimSpace(f.Wish), HappenedAt: f.HappenedAt,
		Contact:     visitor.Contact{Name: strings.TrimSpace(f.Name), Phone: f.Phone},
		Publishable: f.Publishable, Language: language,
	}
}
