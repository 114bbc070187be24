package main

import (
	"context"
	"net/http"

	"steledesk/shared/httpapi"
	"steledesk/shared/phrase"
	"steledesk/shared/receipt"
)

// keysBody is what anybody needs to check receipts without us.
type keysBody struct {
	Algorithm string    `json:"algorithm"`
	Format    string    `json:"format"`
	Keys      []keyBody `json:"keys"`
}

type keyBody struct {
	ID      string `json:"id"`
	Signs   bool   `json:"signs"` // new receipts; the others are good for older ones
	PEM     string `json:"pem"`
	Base64u string `json:"x"` // the 32 bytes, as a JWK (RFC 8037) has them
}

// receiptKeys publishes the keys and the form of receipts.
func (t *track) receiptKeys(context.Context, *httpapi.Request) (httpapi.Response, error) {
	body := keysBody{Algorithm: "Ed25519", Format: receipt.Format}
	for i, key := range t.desk.Keys.ReceiptKeys() {
		text, err := receipt.PEM(key)
		if err != nil {
			return httpapi.Response{}, err
		}
		body.Keys = append(body.Keys, keyBody{ID: receipt.KeyID(key), Signs: i == 0, PEM: text, Base64u: receipt.Encode(key)})
	}
	response, err := httpapi.JSON(http.StatusOK, body)
	if err == nil {
		response.Headers["cache-control"] = "public, max-age=300"
	}
	return response, err
}

type verifyBody struct {
	Receipt string `json:"receipt" validate:"required,max=2000"`
	Text    string `json:"text" validate:"max=2000,plaintext"`
	Wish    string `json:"wish" validate:"max=500,plaintext"`
}

// verdictBody says whether a receipt is the desk's, and what it says. A receipt that is not is no error.
type verdictBody struct {
	Valid       bool           `json:"valid"`
	Code        string         `json:"code,omitempty"`
	Detail      string         `json:"detail,omitempty"`
	Number      string         `json:"number,omitempty"`
	FiledAt     httpapi.Time   `json:"filedAt"`
	AnswerBy    httpapi.Time   `json:"answerBy"`
	Section     *httpapi.Named `json:"section"`
	WordsSum    string         `json:"wordsSum,omitempty"`
	TextMatches *bool          `json:"textMatches"` // null: no text was given, or the receipt is not valid
}

// verify checks a receipt, and the text when one is given. It reads no ticket: the answer is the same for a ticket
// that was never stored.
func (t *track) verify(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	var body verifyBody
	if err := r.Decode(ctx, &body, nil); err != nil {
		return httpapi.Response{}, err
	}
	found, err := t.desk.CheckReceipt(body.Receipt)
	if err != nil {
		code := receipt.Code(err)
		return httpapi.JSON(http.StatusOK, verdictBody{Code: code, Detail: phrase.In(r.Language, "problem."+code)})
	}
	o, _, err := t.desk.Offices.Current(ctx)
	if err != nil {
		return httpapi.Response{}, err
	}
	verdict := verdictBody{
		Valid: true, Number: found.Number, FiledAt: httpapi.Time{Time: found.FiledAt}, AnswerBy: httpapi.Time{Time: found.AnswerBy},
		Section: named(found.Section, o.SectionName(found.Section, r.Language)), WordsSum: found.Words,
	}
	if body.Text != "" {
		matches := found.Proves(body.Text, body.Wish)
		verdict.TextMatches = &matches
	}
	return httpapi.JSON(http.StatusOK, verdict)
}
