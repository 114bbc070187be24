package sink

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"strings"
)

// parseLetter reads a mail's subject and text.
func parseLetter(raw []byte) (Letter, error) {
	message, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return Letter{}, err
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(message.Header.Get("Subject"))
	if err != nil {
		return Letter{}, fmt.Errorf("read subject: %w", err)
	}
	text, err := readText(textproto.MIMEHeader(message.Header), message.Body, 0)
	if err != nil {
		return Letter{}, fmt.Errorf("read text: %w", err)
	}
	return Letter{Subject: subject, Text: strings.TrimSpace(text), Raw: string(raw)}, nil
}

// deepest bounds how mails may be nested.
const deepest = 8

// readText finds the first plain text of a mail or of its parts; a mail that has none gives nothing.
func readText(header textproto.MIMEHeader, body io.Reader, depth int) (string, error) {
	kind, parameters, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil {
		kind = "text/plain" // what a mail is that does not say, or not well
	}
	if strings.HasPrefix(kind, "multipart/") {
		if depth == deepest {
			return "", errors.New("parts are nested too deep")
		}
		return readParts(multipart.NewReader(body, parameters["boundary"]), depth+1)
	}
	if kind != "text/plain" {
		return "", nil
	}
	content, err := io.ReadAll(decoder(header.Get("Content-Transfer-Encoding"), body))
	return strings.ToValidUTF8(strings.ReplaceAll(string(content), "\r\n", "\n"), "\uFFFD"), err
}

func readParts(parts *multipart.Reader, depth int) (string, error) {
	for {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return "", nil
		}
		if err != nil {
			return "", err
		}
		if text, err := readText(part.Header, part, depth); err != nil || text != "" {
			return text, err
		}
	}
}

func decoder(encoding string, body io.Reader) io.Reader {
	switch strings.ToLower(encoding) {
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, body) // which skips line ends
	case "quoted-printable":
		return quotedprintable.NewReader(body)
	}
	return body
}
