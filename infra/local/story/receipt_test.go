package story

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"steledesk/shared/openapi/openapitest"
)

// A visitor proves to others what was filed and when, corrects the contact, and takes it away, over the template's
// own routes and policies' calls.
func TestTheReceiptProvesAndTheContactGoes(t *testing.T) {
	t.Parallel()
	d := open(t, nil)
	key := rand.Text()
	status, header, body := d.send("POST", "/v1/tickets", complaint, "Idempotency-Key", key)
	openapitest.Check(t, "POST", "/v1/tickets", status, header, body)
	var filed struct{ Number, Code, Receipt string }
	if err := json.Unmarshal(body, &filed); err != nil || status != http.StatusCreated {
		t.Fatalf("status %d: %s", status, body)
	}
	for text, want := range map[string]string{"窗口排队近一小时": `"textMatches":true`, "窗口没有排队": `"textMatches":false`} {
		question, err := json.Marshal(map[string]string{"receipt": filed.Receipt, "text": text})
		if err != nil {
			t.Fatal(err)
		}
		status, header, body = d.send("POST", "/v1/verify", string(question))
		openapitest.Check(t, "POST", "/v1/verify", status, header, body)
		if !bytes.Contains(body, []byte(`"valid":true`)) || !bytes.Contains(body, []byte(want)) {
			t.Errorf("%s: %s, want %s", text, body, want)
		}
	}
	status, header, body = d.send("GET", "/v1/verify", "")
	openapitest.Check(t, "GET", "/v1/verify", status, header, body)
	if status, _, page := d.send("GET", "/verify?r="+filed.Receipt, ""); status != http.StatusOK || !bytes.Contains(page, []byte(filed.Number)) {
		t.Errorf("the page: status %d", status)
	}
	contact := "/v1/tickets/" + filed.Number + "/contact"
	status, header, body = d.send("PUT", contact, `{"name":"王女士","phone":"13900005678"}`, "X-Ticket-Code", filed.Code)
	openapitest.Check(t, "PUT", contact, status, header, body)
	sealed, err := d.table.Contact(t.Context(), filed.Number, time.Now())
	if err != nil || status != http.StatusOK || sealed == "" {
		t.Errorf("changed: status %d, kept %q, %v", status, sealed, err)
	}
	status, header, body = d.send("DELETE", contact, "", "X-Ticket-Code", filed.Code)
	openapitest.Check(t, "DELETE", contact, status, header, body)
	if sealed, err = d.table.Contact(t.Context(), filed.Number, time.Now()); err != nil || status != http.StatusOK || sealed != "" {
		t.Errorf("deleted: status %d, kept %q, %v", status, sealed, err)
	}
	if events := d.verify(filed.Number); len(events) != 3 {
		t.Errorf("%d events, want filed, changed, deleted", len(events))
	}
}
