package main

import (
	"strings"
	"testing"

	"steledesk/infra/local/awsendpoint/awstest"
	"steledesk/shared/receipt"
	"steledesk/shared/secret"
	"steledesk/shared/ticket"
)

// A receipt is held against the keys, the text and what is stored: somebody who rewrote a ticket with all its hashes
// would not be found by verify, but by the receipt its visitor kept.
func TestReceipt(t *testing.T) {
	d := deploy(t)
	d.want(exitOK, []string{"secret", "init"})
	keys, err := secret.Keys(t.Context(), awstest.Config(d.url), "/"+d.name+"/secret")
	if err != nil {
		t.Fatal(err)
	}
	const salt = "300a741338b542439495a7ab26b90958"
	sign := func(number string) string {
		stored, err := d.table.Ticket(t.Context(), number)
		if err != nil {
			t.Fatal(err)
		}
		first, err := stored.Records[0].Event()
		if err != nil {
			t.Fatal(err)
		}
		line, err := receipt.Receipt{Number: number, FiledAt: first.At, Section: "gardens", Words: first.WordsSum, Salt: salt}.Sign(keys.ReceiptKey())
		if err != nil {
			t.Fatal(err)
		}
		return line
	}
	number := d.file(1, func(c *ticket.Command) { c.Text, c.Salt = "厕所没有水", salt })
	line := sign(number)
	d.want(exitOK, []string{"receipt", line}, number+", filed 2026-11-23 09:00:00 +0800: the signature is good", "holds the same words")
	d.want(exitOK, []string{"receipt", "https://desk.example.cn/verify?r=" + line, "--text", write(t, "said.txt", "厕所没有水\n")}, "the text is what was filed")
	d.want(exitProblem, []string{"receipt", line, "--text", write(t, "said.txt", "厕所很干净")}, "the text is not what was filed", "holds the same words")
	d.want(exitProblem, []string{"receipt", strings.Replace(line, number, numberOf(2), 1)}, receipt.ErrForged.Error())
	d.want(exitUsage, []string{"receipt", "hello"}, "nine parts")

	pem, err := receipt.PEM(keys.ReceiptKeys()[0])
	if err != nil {
		t.Fatal(err)
	}
	got := d.want(exitOK, []string{"receipt", "--key", write(t, "key.pem", pem), line}, "the signature is good")
	if strings.Contains(got.out, "stored") || strings.Contains(got.out, "first event") {
		t.Errorf("without a stack it speaks of what is stored: %s", got.out)
	}
	d.want(exitProblem, []string{"receipt", "--key", write(t, "key.pem", "no key"), line}, "is no PEM file")

	d.remove(number, "E#000001")
	d.remove(number, "HEAD")
	d.remove(number, "CONTACT")
	d.want(exitProblem, []string{"receipt", line}, "there is no such ticket")
	d.file(1, func(c *ticket.Command) { c.Text, c.Salt = "厕所很干净", salt })
	d.want(exitOK, []string{"verify", number}, "every chain holds")
	d.want(exitProblem, []string{"receipt", line}, "what is stored is not what was filed")
}
