package receipt

import (
	"crypto/ed25519"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"steledesk/shared/ticket"
)

func key(fill byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed([]byte(strings.Repeat(string(fill), ed25519.SeedSize)))
}

func public(keys ...ed25519.PrivateKey) []ed25519.PublicKey {
	var out []ed25519.PublicKey
	for _, k := range keys {
		out = append(out, k.Public().(ed25519.PublicKey))
	}
	return out
}

const salt = "300a74133 8b5424394 95a7ab26b90958"

func filed(t *testing.T, text, wish string) Receipt {
	t.Helper()
	w := ticket.Words{Text: text, Wish: wish, Salt: strings.ReplaceAll(salt, " ", "")}
	sum, err := w.Sum()
	if err != nil {
		t.Fatal(err)
	}
	return Receipt{
		Number: "WX-K37G0A0H", FiledAt: time.Date(2026, 11, 23, 9, 0, 0, 0, ticket.Zone),
		AnswerBy: time.Date(2026, 11, 30, 23, 59, 59, 0, ticket.Zone), Section: "ticketing", Words: sum, Salt: w.Salt,
	}
}

func signed(t *testing.T, r Receipt, k ed25519.PrivateKey) string {
	t.Helper()
	line, err := r.Sign(k)
	if err != nil {
		t.Fatal(err)
	}
	return line
}

func TestReceiptComesBack(t *testing.T) {
	old, now := key('o'), key('n')
	for name, r := range map[string]Receipt{
		"a complaint":             filed(t, "排队太久", "多开窗口"),
		"a report has no section": func() Receipt { r := filed(t, "x", ""); r.Section = ""; return r }(),
		"no date known":           func() Receipt { r := filed(t, "x", ""); r.AnswerBy = time.Time{}; return r }(),
	} {
		line := signed(t, r, old)
		got, err := Check("  "+line[:40]+"\n"+line[40:]+" ", public(now, old)) // as a mail or a chat breaks it
		if err != nil || got != r {
			t.Errorf("%s: got %+v, %v; want %+v", name, got, err, r)
		}
		if again := signed(t, r, old); again != line {
			t.Errorf("%s: signed again it differs, and a filing sent again would have another receipt", name)
		}
		if found := Find("https://desk.example.cn/verify?lang=en&r=" + line); found != line {
			t.Errorf("%s: found %q in the address", name, found)
		}
	}
}

// Every single changed character is found, wherever it stands.
func TestChangedReceiptIsRefused(t *testing.T) {
	line := signed(t, filed(t, "排队太久", ""), key('n'))
	keys := public(key('n'))
	for i := range line {
		for _, c := range []byte("AB.0") {
			if line[i] == c {
				continue
			}
			changed := line[:i] + string(c) + line[i+1:]
			if r, err := Check(changed, keys); err == nil {
				t.Fatalf("with %q at %d it says %+v", c, i, r)
			}
		}
	}
	other := filed(t, "别的事", "")
	parts, mixed := strings.Split(signed(t, other, key('n')), "."), strings.Split(line, ".")
	mixed[6] = parts[6] // another filing's words under this filing's signature
	for text, want := range map[string]error{
		"": ErrForm, "R1": ErrForm, line[:len(line)-1]: ErrForm, line + "A": ErrForm, "R2" + line[2:]: ErrForm,
		line + "." + line: ErrForm, strings.Join(mixed, "."): ErrForged, signed(t, other, key('x')): ErrUnknownKey,
	} {
		if _, err := Check(text, keys); !errors.Is(err, want) {
			t.Errorf("%.40q: got %v, want %v", text, err, want)
		}
	}
}

func TestProves(t *testing.T) {
	r := filed(t, "第一行\n<b>第二行</b> & \"引号\"", "多开窗口")
	for name, try := range map[string]struct {
		text, wish string
		want       bool
	}{
		"the same":                 {"第一行\n<b>第二行</b> & \"引号\"", "多开窗口", true},
		"with space around":        {" 第一行\n<b>第二行</b> & \"引号\"\n", "多开窗口 ", true},
		"as a browser breaks it":   {"第一行\r\n<b>第二行</b> & \"引号\"", "多开窗口", true},
		"another text":             {"第一行", "多开窗口", false},
		"without its wish":         {"第一行\n<b>第二行</b> & \"引号\"", "", false},
		"the wish inside the text": {"第一行\n<b>第二行</b> & \"引号\"多开窗口", "", false},
		"nothing":                  {"", "", false},
	} {
		if got := r.Proves(try.text, try.wish); got != try.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

// What the documentation tells a third party to type must work with their openssl.
func TestOpensslAgrees(t *testing.T) {
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Fatal("the recipe for third parties needs openssl; install it with: make browser")
	}
	folder := t.TempDir()
	line := signed(t, filed(t, "排队太久", ""), key('n'))
	pem, err := PEM(public(key('n'))[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "key.pem"), []byte(pem), 0o600); err != nil {
		t.Fatal(err)
	}
	script := `printf %s "${r%.*}" > said; printf %s "${r##*.}==" | tr _- /+ | base64 -d > signature
openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in said -sigfile signature`
	for name, try := range map[string]struct {
		line string
		good bool
	}{"good": {line, true}, "changed": {strings.Replace(line, "K37G", "K38G", 1), false}} {
		c := exec.Command("sh", "-c", script)
		c.Dir, c.Env = folder, append(os.Environ(), "r="+try.line)
		out, err := c.CombinedOutput()
		if (err == nil) != try.good {
			t.Errorf("%s: %v: %s", name, err, out)
		}
	}
}
