package visitor

import (
	"context"
	"time"

	"steledesk/shared/receipt"
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
	if e.Words != nil {
		return d.receipt(e, e.Words.Salt)
	}
	r, err := d.receipt(e, "")
	r.Proof = ""
	return r, err
}

// CheckReceipt reads a receipt this desk signed, also from the address of the page that checks one. It reads nothing
// that is stored. Errors: receipt.ErrForm, receipt.ErrUnknownKey, receipt.ErrForged.
func (d *Desk) CheckReceipt(text string) (receipt.Receipt, error) {
	line := receipt.Find(text)
	if line == "" {
		return receipt.Receipt{}, receipt.ErrForm
	}
	return receipt.Check(line, d.Keys.ReceiptKeys())
}
