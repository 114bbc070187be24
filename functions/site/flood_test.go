package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"steledesk/shared/office"
	"steledesk/shared/visitor"
	"steledesk/shared/visitor/visitortest"
)

// tight has the desk's gate hold to limits that a test meets.
func (d *desk) tight(change func(*office.Limits)) {
	o := office.Default()
	o.Limits.FormSeconds = -1
	change(&o.Limits)
	offices := visitortest.Office{Data: o}
	d.site.desk.Offices = offices
	d.site.gate = &visitor.Gate{Keys: d.site.desk.Keys, Offices: offices, Filings: &d.counts, Told: func(context.Context, error) {}}
}

// Photos of forms were stored before anybody asked whether they came too many: now they take slots, as those of phones
// do, and a flood of them is asked for work first. What was written is kept.
func TestAFloodOfFormsWritesNoMorePhotosThanThereAreSlots(t *testing.T) {
	d := open(t)
	d.tight(func(l *office.Limits) { l.AllSlots = 60 })
	asked := 0
	for i := range 100 {
		form := complaintForm()
		form.Set("key", fmt.Sprintf("a stranger's key %d", i))
		form.Set("text", "") // never filed, so that no budget of filings is met
		switch page := d.postPhotos(t, "/file", form, fmt.Appendf(nil, "photo %d", i)); page.status {
		case http.StatusTooManyRequests:
			asked++
			if !strings.Contains(page.body, `data-bits="`) || keptPhoto.MatchString(page.body) {
				t.Fatalf("asked for no work, or it names a photo that was not stored:\n%s", page.body)
			}
		case http.StatusUnprocessableEntity:
		default:
			t.Fatalf("status %d", page.status)
		}
	}
	if asked < 30 || len(d.uploads) > 70 {
		t.Errorf("%d photos were stored, %d forms asked for work", len(d.uploads), asked)
	}
	one := complaintForm()
	one.Set("key", "one key for all forms")
	one.Set("text", "")
	d = open(t)
	for i := range 40 {
		d.postPhotos(t, "/file", one, fmt.Appendf(nil, "photo %d", i))
	}
	if len(d.uploads) > 18 {
		t.Errorf("%d photos were stored for one filing", len(d.uploads))
	}
}

// Somebody with a code could upload without end, each time with another photo.
func TestPhotosOfOneTicketAreBound(t *testing.T) {
	d := open(t)
	number := numberOf.FindString(d.postPhotos(t, "/file", complaintForm()).body)
	form := url.Values{"number": {number}, "code": {d.site.desk.Keys.Code(number)}, "text": {"再补一张"}}
	for i := range 40 {
		form.Set("key", fmt.Sprintf("a key of this try %d", i))
		d.postPhotos(t, "/follow/message", form, fmt.Appendf(nil, "photo %d", i))
	}
	if len(d.uploads) > 18 {
		t.Errorf("%d photos were stored for one ticket", len(d.uploads))
	}
}

// The office's own bound holds for forms without a script too.
func TestTheOfficeSaysHowManyPhotos(t *testing.T) {
	d := open(t)
	d.tight(func(l *office.Limits) { l.Photos = 1 })
	page := d.postPhotos(t, "/file?lang=zh", complaintForm(), []byte("one"), []byte("two"))
	if page.status != http.StatusUnprocessableEntity || !strings.Contains(page.body, "照片最多 1 张") || len(d.uploads) != 0 {
		t.Errorf("status %d, %d stored", page.status, len(d.uploads))
	}
}

// Whoever wrote too often found the form for number and code instead, and what was written gone.
func TestTooManyMessagesLoseNothing(t *testing.T) {
	d := open(t)
	number := numberOf.FindString(d.post(t, "/file", complaintForm()).body)
	form := url.Values{"number": {number}, "code": {d.site.desk.Keys.Code(number)}}
	for i := range 11 {
		form.Set("key", newKey())
		form.Set("text", fmt.Sprintf("第 %d 条留言", i))
		page := d.post(t, "/follow/message?lang=zh", form)
		if want := map[bool]int{false: http.StatusOK, true: http.StatusTooManyRequests}[i == 10]; page.status != want {
			t.Fatalf("message %d: status %d", i, page.status)
		}
		if !strings.Contains(page.body, form.Get("text")) {
			t.Errorf("message %d is not on the page", i)
		}
	}
}

// An empty form, however it was sent, is told what is missing at its fields, and not that a key is.
func TestAnEmptyFormIsToldWhatIsMissing(t *testing.T) {
	d := open(t)
	for name, send := range map[string]func() answer{
		"no fields": func() answer { return d.post(t, "/file?lang=en", nil) },
		"no body": func() answer {
			response, err := d.Client().Post(d.URL+"/file?lang=en", "", nil)
			return readAnswer(t, response, err)
		},
		"empty fields": func() answer { return d.post(t, "/file?lang=en", url.Values{"key": {""}, "kind": {""}, "text": {""}}) },
		"in parts":     func() answer { return d.postPhotos(t, "/file?lang=en", nil) },
	} {
		page := send()
		if page.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: status %d", name, page.status)
		}
		for _, want := range []string{`href="#form-kind"`, `href="#form-category"`, `href="#form-text"`} {
			if !strings.Contains(page.body, want) {
				t.Errorf("%s: the page lacks %s", name, want)
			}
		}
		if !usable(hidden(t, page.body, "key")) {
			t.Errorf("%s: the form that comes back has no key", name)
		}
	}
}
