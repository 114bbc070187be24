package visitortest

import (
	"testing"
	"time"

	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
)

// A Filing is a matter and the idempotency key it is filed with.
type Filing struct {
	Key    string
	Matter visitor.Matter
}

// Complaint goes to ticketing, with a name and a phone.
func Complaint() Filing {
	return Filing{Key: "3f8c1b52-7d0e-4a44-9a51-5a0b6d1e7c01", Matter: visitor.Matter{
		Kind: ticket.Complaint, Category: "queueing", Spot: "RK02",
		Text: "售票窗口只开了一个，排队四十分钟，老人孩子都晒着。", Wish: "节假日多开两个窗口",
		HappenedAt: Nine.Add(-30 * time.Minute), Contact: visitor.Contact{Name: "张三", Phone: "13800001234"},
		Publishable: true, Language: "zh",
	}}
}

// Urgent goes to relics at once: an inscription is being carved.
func Urgent() Filing {
	return Filing{Key: "3f8c1b52-7d0e-4a44-9a51-5a0b6d1e7c02", Matter: visitor.Matter{
		Kind: ticket.Complaint, Category: "defacing", Spot: "BL02",
		Text: "有人正在用钥匙在中兴颂旁边的石壁上刻字，快来！", Language: "zh",
	}}
}

// Report is anonymous and goes to discipline, whatever its category.
func Report() Filing {
	return Filing{Key: "3f8c1b52-7d0e-4a44-9a51-5a0b6d1e7c03", Matter: visitor.Matter{
		Kind: ticket.Report, Category: "corruption", Spot: "RK02",
		Text: "检票员收现金放人，不给票。", Language: "zh",
	}}
}

// Suggestion is in English, without a contact.
func Suggestion() Filing {
	return Filing{Key: "3f8c1b52-7d0e-4a44-9a51-5a0b6d1e7c04", Matter: visitor.Matter{
		Kind: ticket.Suggestion, Category: "accessibility", Spot: "BL07",
		Text: "Please add a ramp beside the three steps of the brook path.", Language: "en",
	}}
}

// File files f at a desk at Nine.
func File(t *testing.T, d *visitor.Desk, f Filing) visitor.Receipt {
	t.Helper()
	receipt, err := d.File(t.Context(), f.Key, f.Matter, Nine)
	if err != nil {
		t.Fatal(err)
	}
	return receipt
}
