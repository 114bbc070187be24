package visitor

import (
	"steledesk/shared/receipt"
)

// CheckReceipt reads a receipt this desk signed, also from the address of the page that checks one. It reads nothing
// that is stored. Errors: receipt.ErrForm, receipt.ErrUnknownKey, receipt.ErrForged.
func (d *Desk) CheckReceipt(text string) (receipt.Receipt, error) {
	line := receipt.Find(text)
	if line == "" {
		return receipt.Receipt{}, receipt.ErrForm
	}
	return receipt.Check(line, d.Keys.ReceiptKeys())
}
