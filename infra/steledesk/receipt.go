package main

import (
	"context"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"flag"
	"fmt"
	"os"

	"steledesk/shared/dynamo"
	"steledesk/shared/receipt"
	"steledesk/shared/visitor"
)

func receiptCommand() command {
	return command{
		name: "receipt", args: "RECEIPT", what: "check the receipt a visitor holds, and the text that was filed",
		help: `
RECEIPT is the line that begins with R1, or the address in the QR code. Its signature says whether this desk issued
it and nothing was changed; with --text and --wish the texts are held against it; and the ticket's first event must
carry the same sum of words, or what is stored is not what was filed. With --key, the public key of /v1/verify as a
PEM file, it needs no stack and says nothing of what is stored: anybody can do that.`,
		examples: `
$ steledesk receipt R1.WIqTx3tM.WX-K37G0A0H.20261123T010000Z.…
WX-K37G0A0H, filed 2026-11-23 09:00:00 +0800: the signature is good
the ticket's first event holds the same words
$ steledesk receipt --key key.pem --text said.txt R1.WIqTx3tM.WX-K37G0A0H.…
WX-K37G0A0H, filed 2026-11-23 09:00:00 +0800: the signature is good
the text is not what was filed`,
		flags: receiptFlags,
	}
}

func receiptFlags(f *flag.FlagSet) action {
	key := f.String("key", "", "`FILE`: a public key in PEM; no stack is needed then")
	text := f.String("text", "", "`FILE`: the text that is said to have been filed")
	wish := f.String("wish", "", "`FILE`: the wish that is said to have been filed with it")
	return func(ctx context.Context, e *env, s settings, args []string) error {
		if err := arguments(args, "RECEIPT"); err != nil {
			return err
		}
		line := receipt.Find(args[0])
		if line == "" {
			return usage("%v", receipt.ErrForm)
		}
		var st *stack
		keys, err := keyFile(*key)
		if *key == "" {
			st, keys, err = receiptKeys(ctx, e, s)
		}
		if err != nil {
			return err
		}
		r, err := receipt.Check(line, keys)
		if err != nil {
			fmt.Fprintln(e.out, err)
			return errProblems
		}
		fmt.Fprintf(e.out, "%s, filed %s: the signature is good\n", r.Number, r.FiledAt.Format("2006-01-02 15:04:05 -0700"))
		return errors.Join(compareText(e, r, *text, *wish), compareStored(ctx, e, st, r))
	}
}

func receiptKeys(ctx context.Context, e *env, s settings) (*stack, []ed25519.PublicKey, error) {
	st, err := e.open(ctx, s)
	if err != nil {
		return nil, nil, err
	}
	keys, err := st.keys(ctx)
	if err != nil {
		return nil, nil, err
	}
	return st, keys.ReceiptKeys(), nil
}

func keyFile(name string) ([]ed25519.PublicKey, error) {
	if name == "" {
		return nil, nil
	}
	file, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("read key: %w", err)
	}
	block, _ := pem.Decode(file)
	if block == nil {
		return nil, fmt.Errorf("read key: %s is no PEM file; take \"pem\" of GET /v1/verify", name)
	}
	parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
	key, is := parsed.(ed25519.PublicKey)
	if err != nil || !is {
		return nil, fmt.Errorf("read key: %s holds no Ed25519 public key", name)
	}
	return []ed25519.PublicKey{key}, nil
}

// compareText holds the texts against the receipt, when there are any.
func compareText(e *env, r receipt.Receipt, text, wish string) error {
	if text == "" && wish == "" {
		return nil
	}
	said, err := readOr(text)
	if err != nil {
		return err
	}
	wished, err := readOr(wish)
	if err != nil {
		return err
	}
	if !r.Proves(said, wished) {
		fmt.Fprintln(e.out, "the text is not what was filed")
		return errProblems
	}
	fmt.Fprintln(e.out, "the text is what was filed")
	return nil
}

func readOr(name string) (string, error) {
	if name == "" {
		return "", nil
	}
	file, err := os.ReadFile(name)
	if err != nil {
		return "", fmt.Errorf("read text: %w", err)
	}
	return string(file), nil
}

// compareStored holds the ticket's first event against the receipt; without a stack there is nothing to hold.
func compareStored(ctx context.Context, e *env, st *stack, r receipt.Receipt) error {
	if st == nil {
		return nil
	}
	sum, err := firstWords(ctx, st.table, r.Number)
	switch {
	case errors.Is(err, visitor.ErrNotFound):
		fmt.Fprintln(e.out, "there is no such ticket: it was taken away, or the table is another one")
		return errProblems
	case err != nil:
		return err
	case sum != r.Words:
		fmt.Fprintln(e.out, "the ticket's first event holds other words: what is stored is not what was filed")
		return errProblems
	}
	fmt.Fprintln(e.out, "the ticket's first event holds the same words")
	return nil
}

func firstWords(ctx context.Context, table *dynamo.Table, number string) (string, error) {
	s, err := table.Ticket(ctx, number)
	if err != nil {
		return "", err
	}
	if len(s.Records) == 0 {
		return "", visitor.ErrNotFound
	}
	first, err := s.Records[0].Event()
	return first.WordsSum, err
}
