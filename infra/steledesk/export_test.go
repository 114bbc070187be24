package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"steledesk/infra/local/awsendpoint"
	"steledesk/infra/steledesk/archive"
	"steledesk/shared/ticket"
)

// busy is a desk with tickets, one of them signed, office data, an account, a photo and a paper.
func busy(t *testing.T) *desk {
	d := deploy(t)
	d.want(exitOK, []string{"secret", "init"})
	for n := range 5 {
		d.file(n, nil)
	}
	d.sign(numberOf(3))
	d.file(6, func(c *ticket.Command) { c.Kind, c.Section, c.Anonymous = ticket.Report, "discipline", true })
	d.want(exitOK, []string{"office", "apply", "--yes", write(t, "office.yaml", builtIn(d))})
	d.store("photos", "photos/abc.jpg", "a photo")
	d.store("papers", "digests/2026-10/abc/议程.docx", "a paper")
	return d
}

// empty is a new desk with the keys of another.
func empty(t *testing.T, other *desk) *desk {
	d := deploy(t)
	d.keysOf = other.name
	return d
}

// builtIn is the office file of a desk that has none.
func builtIn(d *desk) string {
	d.t.Helper()
	text, err := os.ReadFile("../../shared/office/default.yaml")
	if err != nil {
		d.t.Fatal(err)
	}
	return string(text)
}

func (d *desk) store(bucket, key, body string) {
	d.t.Helper()
	_, err := d.files.PutObject(d.t.Context(), &s3.PutObjectInput{
		Bucket: aws.String(d.name + "-" + bucket + "-000000000000"), Key: &key, ContentType: aws.String("text/plain"), Body: strings.NewReader(body),
	})
	if err != nil {
		d.t.Fatal(err)
	}
}

// export writes the desk into a new folder and gives it with its digest.
func (d *desk) export(code int) (folder, digest string) {
	d.t.Helper()
	folder = filepath.Join(d.t.TempDir(), "export")
	out := d.want(code, []string{"export", folder}).out
	_, digest, _ = strings.Cut(out, "digest ")
	return folder, strings.TrimSpace(digest)
}

// The drill: an export of one desk, brought into an empty one, gives an export with the same digest.
func TestRestoreDrill(t *testing.T) {
	first := busy(t)
	second := empty(t, first)
	folder, digest := first.export(exitOK)
	first.want(exitOK, []string{"import", "--check", folder}, "6 tickets, ", "2 files", ": whole", digest)
	second.want(exitOK, []string{"import", folder}, "2 files stored and read back: the same", digest)
	if _, again := second.export(exitOK); again != digest {
		t.Errorf("digest %s, and %s after the restore", digest, again)
	}
	second.want(exitOK, []string{"verify", "--all"}, "6 tickets, 7 events: every chain holds")
	second.want(exitOK, []string{"import", folder}, "the same") // again, as after a stop
	if got, err := second.files.HeadObject(t.Context(), &s3.HeadObjectInput{
		Bucket: aws.String(second.name + "-papers-000000000000"), Key: aws.String("digests/2026-10/abc/议程.docx"),
	}); err != nil || aws.ToString(got.ContentType) != "text/plain" {
		t.Errorf("the paper: %+v, %v", got, err)
	}
}

// A table that was recovered beside the stack's is exported with the stack's files.
func TestExportOfARecoveredTable(t *testing.T) {
	first := busy(t)
	_, digest := first.export(exitOK)
	second := empty(t, first)
	second.store("photos", "photos/abc.jpg", "a photo")
	second.store("papers", "digests/2026-10/abc/议程.docx", "a paper")
	if out := second.want(exitOK, []string{"export", "--table", first.name, filepath.Join(t.TempDir(), "before")}).out; !strings.Contains(out, digest) {
		t.Errorf("got %s, want digest %s", out, digest)
	}
}

// What is restored is no news: the stream's readers leave it alone by its mark.
func TestRestoredEventsAreMarked(t *testing.T) {
	first := busy(t)
	second := empty(t, first)
	folder, _ := first.export(exitOK)
	second.want(exitOK, []string{"import", folder})
	out, err := second.items.Scan(t.Context(), &dynamodb.ScanInput{TableName: &second.name})
	if err != nil {
		t.Fatal(err)
	}
	events := 0
	for _, i := range out.Items {
		if strings.Contains(archive.Key(i), " E#") {
			events++
			if i["loaded"] == nil {
				t.Errorf("%s would be told again", archive.Key(i))
			}
		}
	}
	if events != 7 {
		t.Errorf("%d events", events)
	}
}

// An import never writes over what people did.
func TestImportIsForAnEmptyDesk(t *testing.T) {
	first := busy(t)
	folder, digest := first.export(exitOK)
	other := empty(t, first)
	number := other.file(9, nil)
	other.want(exitProblem, []string{"import", folder}, "has tickets of its own", number, "an import is for an empty desk")
	other.want(exitProblem, []string{"import", "--replace", folder}, "has tickets of its own")
	first.sign(numberOf(1)) // the desk itself, gone on
	first.want(exitProblem, []string{"import", folder}, "has tickets of its own, or the export's have gone on there")

	seeded := empty(t, first)
	seeded.want(exitOK, []string{"office", "apply", "--yes", write(t, "office.yaml", strings.Replace(builtIn(seeded), "08:30", "08:00", 1))})
	seeded.want(exitProblem, []string{"import", folder}, "of its own (office data, accounts, records)", "OFFICE CURRENT", "--replace")
	seeded.want(exitOK, []string{"import", "--replace", folder}, "the same")
	if _, again := seeded.export(exitOK); again != digest {
		t.Errorf("digest %s, and %s after the restore", digest, again)
	}
}

// An event or a contact that came back otherwise was called gone on meanwhile, and the import a success.
func TestImportNamesWhatNoClockChanges(t *testing.T) {
	first := busy(t)
	folder, _ := first.export(exitOK)
	number := numberOf(3)
	other := func(text string) string { return strings.Replace(text, text[:1], "~", 1) }
	for name, test := range map[string]struct {
		change func(*desk)
		code   int
		says   string
	}{
		"body":    {func(d *desk) { d.set(number, "E#000001", "body", other) }, exitProblem, "E#000001"},
		"hash":    {func(d *desk) { d.set(number, "E#000002", "hash", other) }, exitProblem, "E#000002"},
		"words":   {func(d *desk) { d.set(number, "E#000001", "words", other) }, exitProblem, "E#000001"},
		"contact": {func(d *desk) { d.set(number, "CONTACT", "sealed", other) }, exitProblem, "CONTACT"},
		"erased":  {func(d *desk) { d.update(number, "E#000001", "REMOVE words") }, exitOK, "gone on meanwhile"},
		"ended":   {func(d *desk) { d.update(number, "CONTACT", "SET #ttl = :n") }, exitOK, "gone on meanwhile"},
		"new":     {func(d *desk) { d.sign(numberOf(1)) }, exitOK, "gone on meanwhile"},
		"corrected": {func(d *desk) {
			d.do(number, ticket.Command{Name: ticket.ChangeContact, By: ticket.Actor{Role: ticket.Visitor}})
			d.set(number, "CONTACT", "sealed", other)
		}, exitOK, "gone on meanwhile"},
		"taken back": {func(d *desk) {
			d.do(number, ticket.Command{Name: ticket.DeleteContact, By: ticket.Actor{Role: ticket.Visitor}})
		}, exitOK, "gone on meanwhile"},
	} {
		t.Run(name, func(t *testing.T) {
			second := empty(t, first)
			second.fail(afterStoring(func() { test.change(second) }))
			got := second.want(test.code, []string{"import", folder}, test.says)
			if fails := strings.Contains(got.err, "not the same as in the export"); fails != (test.code == exitProblem) {
				t.Errorf("got %v", got)
			}
		})
	}
}

// afterStoring does something once, when what was written is about to be read back.
func afterStoring(do func()) awsendpoint.Middleware {
	var wrote atomic.Bool
	var once sync.Once
	return func(_, action string, next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if action == "Scan" && wrote.Load() {
				once.Do(do)
			}
			wrote.Store(wrote.Load() || action == "BatchWriteItem")
			next.ServeHTTP(w, r)
		})
	}
}

// update changes an item of a ticket as the clock does.
func (d *desk) update(number, sk, expression string) {
	d.t.Helper()
	in := &dynamodb.UpdateItemInput{TableName: &d.name, UpdateExpression: &expression, Key: map[string]types.AttributeValue{
		"pk": &types.AttributeValueMemberS{Value: "T#" + number}, "sk": &types.AttributeValueMemberS{Value: sk},
	}}
	if strings.Contains(expression, "#ttl") {
		in.ExpressionAttributeNames = map[string]string{"#ttl": "ttl"}
		in.ExpressionAttributeValues = map[string]types.AttributeValue{":n": &types.AttributeValueMemberN{Value: "1900000000"}}
	}
	if _, err := d.items.UpdateItem(d.t.Context(), in); err != nil {
		d.t.Fatal(err)
	}
}

// Without the keys that sealed what is in it an export is refused: it would be a desk whose codes open nothing.
func TestImportWantsTheKeys(t *testing.T) {
	first, second := busy(t), deploy(t)
	folder, _ := first.export(exitOK)
	second.want(exitOK, []string{"secret", "init"})
	second.want(exitProblem, []string{"import", folder}, "are not those of the desk that was exported")
}

// An import that is stopped goes on when it is given again.
func TestImportGoesOn(t *testing.T) {
	first := busy(t)
	second := empty(t, first)
	folder, digest := first.export(exitOK)
	var calls atomic.Int32
	second.fail(func(service, action string, next http.Handler) http.Handler {
		if action == "BatchWriteItem" && calls.Add(1) > 1 {
			return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("X-Amzn-Errortype", "AccessDeniedException")
				http.Error(w, `{"__type":"AccessDeniedException"}`, http.StatusBadRequest)
			})
		}
		return next
	})
	second.want(exitProblem, []string{"import", folder}, "AccessDenied")
	second.fail(nil)
	second.want(exitOK, []string{"import", folder}, "the same", digest)
}

// A reading that an event came in between is made good: the ticket is read again until it is whole.
func TestExportOfATicketThatGoesOn(t *testing.T) {
	d := busy(t)
	_, digest := d.export(exitOK)
	var torn atomic.Int32
	d.fail(func(service, action string, next http.Handler) http.Handler {
		if action != "Scan" {
			return next
		}
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			answer := httptest.NewRecorder()
			next.ServeHTTP(answer, r)
			var page map[string]any
			if err := json.Unmarshal(answer.Body.Bytes(), &page); err != nil {
				t.Error(err)
			}
			var kept []any
			for _, i := range page["Items"].([]any) {
				if i.(map[string]any)["sk"].(map[string]any)["S"] == "E#000002" {
					torn.Add(1)
					continue
				}
				kept = append(kept, i)
			}
			page["Items"], page["Count"] = kept, len(kept)
			body, _ := json.Marshal(page)
			w.Header().Set("Content-Type", "application/x-amz-json-1.0")
			_, _ = bytes.NewReader(body).WriteTo(w)
		})
	})
	if _, again := d.export(exitOK); torn.Load() != 1 || again != digest {
		t.Errorf("%d events taken away; digest %s, want %s", torn.Load(), again, digest)
	}
}

// A chain that is broken is exported as it is, and said.
func TestExportSaysWhatIsBroken(t *testing.T) {
	d := busy(t)
	d.set(numberOf(2), "E#000001", "body", func(body string) string { return body + " " })
	out := d.want(exitProblem, []string{"export", filepath.Join(t.TempDir(), "x")}, numberOf(2), "1 chain broken; they are in the export as they are").out
	if !strings.Contains(out, "6 tickets") {
		t.Error(out)
	}
}

func TestExportNeverWritesOver(t *testing.T) {
	d := busy(t)
	folder, _ := d.export(exitOK)
	d.want(exitProblem, []string{"export", folder}, "is not empty")
	d.want(exitProblem, []string{"import", t.TempDir()}, "has no manifest.json")
}
