package visitor

import (
	"context"
	"errors"
	"time"

	"steledesk/shared/receipt"
	"steledesk/shared/ticket"
)

// Receipt gives the receipt of a filing once more to whoever has its code; without its proof when the words, and
// with them their salt, are erased. Errors: ErrNotFound, *Locked.
func (d *Desk) Receipt(ctx context.Context, number, code string, now time.Time) (Receipt, error) {
	s, err := d.open(ctx, number, code, now)
	if err != nil {
		return Receipt{}, err
	}
	e, err := s.Records[0].Event()
	if err != nil {
		return Receipt{}, err
	}
	salt := ""
	if e.Words != nil {
		salt = e.Words.Salt
	}
	r, err := receiptBy(d.Keys.Ring(now)[0], e, salt)
	if salt == "" {
		r.Proof = ""
	}
	if given, wrong := ticket.ParseCode(code); wrong == nil {
		r.Code = given // the desk's keys may have changed: the visitor keeps the code that opened the ticket
	}
	return r, err
}

// CheckReceipt reads a receipt this desk signed, also from the address of the page that checks one. It reads nothing
// that is stored. Errors: receipt.ErrForm, receipt.ErrUnknownKey, receipt.ErrForged.
func (d *Desk) CheckReceipt(text string) (receipt.Receipt, error) {
	line := receipt.Find(text)
	if line == "" {
		return receipt.Receipt{}, receipt.ErrForm
	}
	found, err := receipt.Check(line, d.Keys.ReceiptKeys())
	if errors.Is(err, receipt.ErrUnknownKey) {
		d.Keys.Renew() // this process may not have heard of the key yet
		found, err = receipt.Check(line, d.Keys.ReceiptKeys())
	}
	return found, err
}
