package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"steledesk/infra/local/awsendpoint"
	"steledesk/shared/seal"
	"steledesk/shared/ticket"
)

// answer lives a ticket until its visitor has the answer.
func (d *desk) answer(number string) {
	d.t.Helper()
	d.sign(number)
	d.do(number, ticket.Command{
		Name: ticket.Answer, By: ticket.Actor{Role: ticket.SectionStaff, Section: "gardens", Login: "g1"}, Outcome: "solved", Text: "水已恢复。",
	})
	head, err := d.table.Head(d.t.Context(), number)
	if err == nil && head.State == ticket.Review {
		d.do(number, ticket.Command{Name: ticket.Approve, By: ticket.Actor{Role: ticket.OfficeStaff, Login: "office", Section: "office"}})
		head, err = d.table.Head(d.t.Context(), number)
	}
	if err != nil || head.State != ticket.Answered {
		d.t.Fatalf("%s is %s, %v", number, head.State, err)
	}
}

// rewriteKeys changes the parameter as somebody with an editor does.
func (d *desk) rewriteKeys(change func(map[string]any)) {
	d.t.Helper()
	config, err := d.aws(d.t.Context(), "")
	if err != nil {
		d.t.Fatal(err)
	}
	client, name := ssm.NewFromConfig(config), aws.String("/"+d.name+"/secret")
	got, err := client.GetParameter(d.t.Context(), &ssm.GetParameterInput{Name: name, WithDecryption: aws.Bool(true)})
	if err != nil {
		d.t.Fatal(err)
	}
	var f map[string]any
	if err := json.Unmarshal([]byte(aws.ToString(got.Parameter.Value)), &f); err != nil {
		d.t.Fatal(err)
	}
	change(f)
	text, err := json.Marshal(f)
	if err != nil {
		d.t.Fatal(err)
	}
	_, err = client.PutParameter(d.t.Context(), &ssm.PutParameterInput{
		Name: name, Type: types.ParameterTypeSecureString, Value: aws.String(string(text)), Overwrite: aws.Bool(true),
	})
	if err != nil {
		d.t.Fatal(err)
	}
}

// twice answers as a store does that has the change already, or another's, when the call comes: its version is two more,
// and between, or the same text, is what the version before holds.
func twice(between string) awsendpoint.Middleware {
	return func(_, action string, next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			var in struct{ Name, Value string }
			body, err := io.ReadAll(r.Body)
			if err == nil {
				err = json.Unmarshal(body, &in)
			}
			if err != nil {
				http.Error(w, err.Error(), http.StatusBadRequest)
				return
			}
			r.Body = io.NopCloser(strings.NewReader(string(body)))
			w.Header().Set("Content-Type", "application/x-amz-json-1.1")
			switch {
			case action == "PutParameter":
				if between == "" {
					between = in.Value
				}
				fmt.Fprint(w, `{"Version":3}`)
			case action == "GetParameter" && strings.HasSuffix(in.Name, "/secret:2"):
				_ = json.NewEncoder(w).Encode(map[string]any{"Parameter": map[string]any{"Name": in.Name, "Value": between, "Version": 2}})
			default:
				next.ServeHTTP(w, r)
			}
		})
	}
}

// There was no command that rotates: an operator had to write the parameter by hand, and lost a key with a slip.
func TestSecretIsRotatedInSteps(t *testing.T) {
	d := deploy(t)
	d.want(exitProblem, []string{"secret", "add"}, "There is no parameter", "steledesk secret init")
	d.want(exitOK, []string{"secret", "init"})
	before := keysOf(t, d)
	d.want(exitOK, []string{"office", "apply", write(t, "o.yaml", officeFile(t, "channels: []", channels)), "--yes"})
	old := d.file(1, nil)
	d.want(exitOK, []string{"secret", "add"}, "Added key 2.", "then: steledesk secret use 2")
	if between := keysOf(t, d); between.Code(old) != before.Code(old) || len(between.ReceiptKeys()) != 2 {
		t.Error("a key that was added is used already, or not known")
	}
	d.want(exitProblem, []string{"secret", "use", "2"}, "key 2 is not used yet: every function knows it from")
	d.want(exitProblem, []string{"secret", "use", "3"}, `key "3": there is no such key`)
	d.want(exitProblem, []string{"secret", "use", "1"}, "the key is the current one")
	d.want(exitUsage, []string{"secret", "use"}, "ID is missing")
	d.now = d.now.Add(seal.Known)
	d.want(exitOK, []string{"secret", "use", "2"}, "Key 2 is current; key 1 stays on the ring.")
	after := keysOf(t, d)
	if after.Code(old) == before.Code(old) || !after.Opens(old, before.Code(old)) {
		t.Error("the new key is not used, or the old one's codes are void")
	}
	list := d.want(exitOK, []string{"secret", "list"}, "current", "retired", "added", "receipts")
	if strings.Count(list.out, "\n") != 2 {
		t.Errorf("got %v", list)
	}
	d.want(exitOK, []string{"secret", "use", "1"}, "Key 1 is current") // back, at once: everybody knows it
}

func TestSecretUseNow(t *testing.T) {
	d := deploy(t)
	d.want(exitOK, []string{"secret", "init"})
	d.want(exitOK, []string{"secret", "add"})
	d.want(exitOK, []string{"secret", "use", "2", "--now"}, "Key 2 is current")
}

// A key that leaked can go, and whoever removes it has read how many visitors lose their way back.
func TestSecretRemoveSaysWhatIsLost(t *testing.T) {
	d := deploy(t)
	d.want(exitOK, []string{"secret", "init"})
	d.want(exitOK, []string{"office", "apply", write(t, "o.yaml", officeFile(t, "channels: []", channels)), "--yes"})
	d.want(exitOK, []string{"secret", "add"})
	d.want(exitProblem, []string{"secret", "remove", "1"}, "the key is the current one")
	d.want(exitOK, []string{"secret", "remove", "2"}, "Removed key 2.") // it made nothing
	d.want(exitOK, []string{"secret", "add"}, "Added key 2.")
	d.file(1, nil)
	d.file(2, nil)
	d.now = d.now.Add(seal.Known)
	d.want(exitOK, []string{"secret", "use", "2"})
	d.want(exitProblem, []string{"secret", "remove", "1", "--lose", "2"}, "functions may still work with key 1 until")
	d.now = d.now.Add(time.Hour)
	d.want(exitProblem, []string{"secret", "remove", "1"}, "2 tickets not ended may have been filed with key 1 (until ", "--lose 2")
	d.want(exitProblem, []string{"secret", "remove", "1", "--lose", "1"}, "2 tickets not ended")
	d.want(exitOK, []string{"secret", "remove", "1", "--lose", "2"}, "Removed key 1.")
	d.want(exitOK, []string{"office", "show"}, "example.cn") // what it had sealed was sealed anew
}

// Tickets that were answered were not counted, and their visitors lost their way back without a word of it; they lie in
// the queue of a section that may be gone from the office data since.
func TestSecretRemoveCountsWhoWasAnswered(t *testing.T) {
	d := deploy(t)
	d.want(exitOK, []string{"secret", "init"})
	d.file(1, nil)
	d.answer(d.file(2, nil))
	d.do(d.file(3, nil), ticket.Command{Name: ticket.Withdraw, By: ticket.Actor{Role: ticket.Visitor}})
	without := write(t, "o.yaml", strings.ReplaceAll(builtIn(d), "gardens", "meadows"))
	d.want(exitOK, []string{"office", "apply", without, "--yes"})
	d.want(exitOK, []string{"secret", "add"})
	d.want(exitOK, []string{"secret", "use", "2", "--now"})
	d.now = d.now.Add(time.Hour)
	d.file(4, nil) // with the new key
	d.want(exitProblem, []string{"secret", "remove", "1"}, "2 tickets not ended may have been filed with key 1 (until ", "--lose 2")
	d.want(exitOK, []string{"secret", "remove", "1", "--lose", "2"}, "Removed key 1.")
}

// A ring that was changed by hand notes no times: its old key could never be removed, and each filing paid for it.
func TestSecretRemoveOfAKeyWithoutTimes(t *testing.T) {
	d := deploy(t)
	d.want(exitOK, []string{"secret", "init"})
	d.want(exitOK, []string{"secret", "add"})
	d.rewriteKeys(func(f map[string]any) {
		f["current"] = "2"
		delete(f, "added")
	})
	d.answer(d.file(1, nil))
	d.now = time.Now() // the store's clock, which says when the keys were changed: functions filed with the old one for ten minutes
	d.want(exitProblem, []string{"secret", "remove", "1", "--lose", "1"}, "functions may still work with key 1 until")
	d.now = d.now.Add(time.Hour)
	d.file(2, nil)
	d.want(exitProblem, []string{"secret", "remove", "1"}, "2 tickets not ended may have been filed with key 1 (nobody noted until when", "--lose 2")
	d.want(exitOK, []string{"secret", "remove", "1", "--lose", "2"}, "Removed key 1.")
}

// The SDK makes a call again whose answer was lost: the change was there twice, and was said to be another operator's.
func TestSecretIsStoredTwice(t *testing.T) {
	for _, test := range []struct {
		name, between string // what another operator stored at the same moment
		code          int
		says          string
	}{
		{"the answer was lost", "", exitOK, "Added key 2."},
		{"somebody else", `{"current":"1"}`, exitProblem, "somebody else changed the keys"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := deploy(t)
			d.want(exitOK, []string{"secret", "init"})
			d.fail(twice(test.between))
			d.want(test.code, []string{"secret", "add"}, test.says)
		})
	}
}
