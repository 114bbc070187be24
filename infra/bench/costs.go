package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"steledesk/shared/account"
	"steledesk/shared/desk"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
)

// clerk is somebody of the ticketing section.
var clerk = account.Principal{Login: "ticketing", Roles: []ticket.Role{ticket.SectionStaff}, Sections: []string{"ticketing"}}

// costRequests is how many of each request the costs are averaged over.
const costRequests = 100

// matter is a complaint of ordinary length with a contact.
func matter() visitor.Matter {
	return visitor.Matter{
		Kind: ticket.Complaint, Category: "ticketing", Spot: "BL01", Language: "zh",
		Text:    "国庆期间浯溪碑林售票窗口只开了一个, 排队将近一小时, 网上预约的票也要到窗口换纸质票, 建议增开窗口并允许刷码入园。",
		Contact: visitor.Contact{Name: "游客", Phone: "13800000000"},
	}
}

// costs prints the AWS calls, bytes and capacity units of one request of each kind, through the
// program's own code and without the rest of the stack.
func (b *bench) costs(ctx context.Context) error {
	var receipt visitor.Receipt
	fmt.Println("## What a request costs")
	fmt.Println()
	fmt.Println("| request | AWS calls | capacity units | bytes to AWS | bytes back |")
	fmt.Println("|---|---|---|---|---|")
	for _, part := range []struct {
		name string
		do   func() error
	}{
		{"file a complaint with contact", func() (err error) {
			receipt, err = b.desk.File(ctx, rand.Text(), matter(), time.Now())
			return err
		}},
		{"file anonymously", func() error {
			m := matter()
			m.Contact = visitor.Contact{}
			_, err := b.desk.File(ctx, rand.Text(), m, time.Now())
			return err
		}},
		{"the same past the gate, its counts read each time", func() error {
			gate := &visitor.Gate{Keys: b.desk.Keys, Offices: b.desk.Offices, Filings: b.table, Told: func(context.Context, error) {}}
			a := visitor.Arrival{Key: rand.Text(), Matter: matter()}
			a.Matter.Contact = visitor.Contact{}
			if err := gate.Admit(ctx, a, time.Now()); err != nil {
				return err
			}
			_, err := b.desk.File(ctx, a.Key, a.Matter, time.Now())
			return err
		}},
		{"the same filing again", func() error {
			_, err := b.desk.File(ctx, "the key that is sent again", matter(), time.Now())
			return err
		}},
		{"read a ticket", func() error {
			_, err := b.desk.Read(ctx, receipt.Number, receipt.Code, time.Now())
			return err
		}},
		{"write a message", func() error {
			r, err := b.desk.File(ctx, rand.Text(), matter(), time.Now())
			if err != nil {
				return err
			}
			b.meter.start() // the filing is not the message's cost
			_, err = b.desk.Do(ctx, r.Number, r.Code, "", ticket.Command{Name: ticket.Message, Text: "请问处理到哪一步了?"}, time.Now())
			return err
		}},
		{"a page of 25 of a section's queue", func() error {
			_, err := b.staff.List(ctx, clerk, desk.Filter{}, "", 25, time.Now())
			return err
		}},
	} {
		if err := b.cost(part.name, part.do); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
	}
	fmt.Println()
	return nil
}

func (b *bench) cost(name string, do func() error) error {
	if err := do(); err != nil { // what is read once a function, such as office data, is not a request's
		return err
	}
	n := costRequests
	if name == "write a message" { // each has its own measurement
		n = 1
	}
	b.meter.start()
	for range n {
		if err := do(); err != nil {
			return err
		}
	}
	r := b.meter.stop()
	fmt.Printf("| %s | %s | %.3g | %d | %d |\n", name, r.per(n), r.capacity/float64(n), r.sent/n, r.received/n)
	return nil
}
