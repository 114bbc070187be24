package main

import (
	"context"
	"net/http"
	"time"

	"steledesk/shared/bucket"
	"steledesk/shared/httpapi"
	"steledesk/shared/office"
	"steledesk/shared/phrase"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
)

// submit answers the calls of a visitor who has no ticket yet.
type submit struct {
	desk   *visitor.Desk
	gate   *visitor.Gate
	photos PhotoSlots
	keys   httpapi.PhotoIDs
}

// PhotoSlots signs upload forms.
type PhotoSlots interface {
	Slot(ctx context.Context, id, mediaType string) (bucket.Slot, error)
}

func (s *submit) routes() httpapi.Routes {
	return httpapi.Routes{
		"GET /v1/catalog":  s.catalog,
		"POST /v1/tickets": s.file,
		"POST /v1/photos":  s.photoSlot,

		"GET /v1/spots/{spot}/matters": s.matters,
	}
}

// matterBody is a filing as the API takes it.
type matterBody struct {
	Kind        string       `json:"kind" validate:"required,visitorkind"`
	Category    string       `json:"category" validate:"required,category"`
	Spot        string       `json:"spot" validate:"omitempty,spot"`
	Text        string       `json:"text" validate:"required,max=2000,notblank,plaintext"`
	HappenedAt  time.Time    `json:"happenedAt" validate:"past"`
	Wish        string       `json:"wish" validate:"max=500,plaintext"`
	Contact     *contactBody `json:"contact" validate:"omitempty"`
	Photos      []string     `json:"photos" validate:"max=6,unique"`
	Publishable bool         `json:"publishable"`
	Language    string       `json:"language" validate:"omitempty,oneof=zh en ja ko"`
}

type contactBody struct {
	Name  string `json:"name" validate:"max=50,plaintext"`
	Phone string `json:"phone" validate:"omitempty,phone"`
}

// receiptBody is what a visitor keeps.
type receiptBody struct {
	Number   string        `json:"number"`
	Code     string        `json:"code"`
	Kind     ticket.Kind   `json:"kind"`
	State    ticket.State  `json:"state"`
	Urgent   bool          `json:"urgent"`
	Section  httpapi.Named `json:"section"`
	AnswerBy httpapi.Time  `json:"answerBy"`
	FiledAt  httpapi.Time  `json:"filedAt"`
	Receipt  string        `json:"receipt"` // signed: package receipt
}

func (s *submit) file(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	o, _, err := s.desk.Offices.Current(ctx)
	if err != nil {
		return httpapi.Response{}, err
	}
	key, err := r.IdempotencyKey(true)
	if err != nil {
		return httpapi.Response{}, err
	}
	var body matterBody
	if err := r.Decode(ctx, &body, o); err != nil {
		return httpapi.Response{}, err
	}
	if err := r.CheckPhotos(body.Photos, s.keys); err != nil {
		return httpapi.Response{}, err
	}
	if err := r.AtMost("/photos", len(body.Photos), o.Limits.InForce().Photos); err != nil {
		return httpapi.Response{}, err
	}
	m := body.matter(r.Language)
	if m.Canary, err = r.IsCanary(s.keys, key); err != nil {
		return httpapi.Response{}, err
	}
	if !m.Canary {
		if err := s.gate.Admit(ctx, visitor.Arrival{Key: key, Matter: m, Proof: r.Proof()}, r.Now); err != nil {
			return httpapi.Response{}, err
		}
	}
	receipt, err := s.desk.File(ctx, key, m, r.Now)
	if err != nil {
		return httpapi.Response{}, err
	}
	return httpapi.JSON(http.StatusCreated, receiptBody{
		Number: receipt.Number, Code: receipt.Code, Kind: receipt.Kind, State: receipt.State, Urgent: receipt.Urgent,
		Section:  httpapi.Named{ID: receipt.Section, Name: o.SectionName(receipt.Section, r.Language)},
		AnswerBy: httpapi.Time{Time: receipt.AnswerBy}, FiledAt: httpapi.Time{Time: receipt.FiledAt}, Receipt: receipt.Proof,
	})
}

func (b matterBody) matter(language string) visitor.Matter {
	m := visitor.Matter{
		Kind: ticket.Kind(b.Kind), Category: b.Category, Spot: b.Spot,
		Text: b.Text, Wish: b.Wish, HappenedAt: b.HappenedAt,
		Photos: b.Photos, Publishable: b.Publishable, Language: b.Language,
	}
	if m.Language == "" {
		m.Language = language
	}
	if b.Contact != nil {
		m.Contact = visitor.Contact{Name: b.Contact.Name, Phone: b.Contact.Phone}
	}
	return m
}

type photoBody struct {
	Type string `json:"type" validate:"required,oneof=image/jpeg image/png image/webp image/heic"`
}

type slotBody struct {
	ID        string            `json:"id"`
	URL       string            `json:"url"`
	Fields    map[string]string `json:"fields"`
	MaxBytes  int               `json:"maxBytes"`
	ExpiresAt httpapi.Time      `json:"expiresAt"`
}

func (s *submit) photoSlot(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	var body photoBody
	if err := r.Decode(ctx, &body, nil); err != nil {
		return httpapi.Response{}, err
	}
	key, err := r.IdempotencyKey(false)
	if err != nil {
		return httpapi.Response{}, err
	}
	if err := s.gate.AdmitSlots(ctx, key, 1, r.Proof(), r.Now); err != nil {
		return httpapi.Response{}, err
	}
	id := httpapi.NewPhotoID(s.keys)
	slot, err := s.photos.Slot(ctx, id, body.Type)
	if err != nil {
		return httpapi.Response{}, err
	}
	return httpapi.JSON(http.StatusCreated, slotBody{
		ID: id, URL: slot.URL, Fields: slot.Fields, MaxBytes: bucket.MaxPhoto,
		ExpiresAt: httpapi.Time{Time: r.Now.Add(slot.ExpiresIn)},
	})
}

// catalogBody is what a form needs to be filled in.
type catalogBody struct {
	Office     officeBody      `json:"office"`
	Kinds      []httpapi.Named `json:"kinds"`
	Categories []categoryBody  `json:"categories"`
	Spots      []spotBody      `json:"spots"`
	Sections   []httpapi.Named `json:"sections"`
	MaxText    int             `json:"maxText"`
}

type officeBody struct {
	Name   string      `json:"name"`
	Phones []phoneBody `json:"phones"`
}

type phoneBody struct {
	Name   string `json:"name"`
	Number string `json:"number"`
}

type categoryBody struct {
	ID   string          `json:"id"`
	Name string          `json:"name"`
	Sub  []httpapi.Named `json:"sub"`
}

type spotBody struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Area string `json:"area"`
}

func (s *submit) catalog(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	o, _, err := s.desk.Offices.Current(ctx)
	if err != nil {
		return httpapi.Response{}, err
	}
	response, err := httpapi.JSON(http.StatusOK, catalogOf(o, r.Language))
	if err == nil {
		response.Headers["cache-control"] = "public, max-age=60"
		response.Headers["vary"] = "accept-language"
	}
	return response, err
}

func catalogOf(o *office.Office, language string) catalogBody {
	c := catalogBody{
		Office:  officeBody{Name: o.Desk.Name.In(language), Phones: []phoneBody{}},
		MaxText: ticket.MaxText, Categories: []categoryBody{}, Spots: []spotBody{},
	}
	for _, p := range o.Desk.Phones {
		c.Office.Phones = append(c.Office.Phones, phoneBody{p.Name.In(language), p.Number})
	}
	for _, k := range ticket.VisitorKinds() {
		c.Kinds = append(c.Kinds, httpapi.Named{ID: string(k), Name: phrase.In(language, "kind."+string(k))})
	}
	for _, top := range o.Categories {
		body := categoryBody{ID: top.ID, Name: top.Name.In(language), Sub: []httpapi.Named{}}
		for _, sub := range top.Sub {
			body.Sub = append(body.Sub, httpapi.Named{ID: sub.ID, Name: sub.Name.In(language)})
		}
		c.Categories = append(c.Categories, body)
	}
	for _, spot := range o.Spots {
		c.Spots = append(c.Spots, spotBody{ID: spot.ID, Name: spot.Name.In(language), Area: spot.Area.In(language)})
	}
	for _, section := range o.Sections {
		c.Sections = append(c.Sections, httpapi.Named{ID: section.ID, Name: section.Name.In(language)})
	}
	return c
}
