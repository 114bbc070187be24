package sink

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
)

// product answers one kind of bot: it reads a request and says what the product would.
type product interface {
	// read checks the request as the product does. It returns what people see, or the refusal.
	read(r *http.Request, body []byte, secret string) (content, refusal)
	// answer is the product's answer with a code, 0 for success, under HTTP 200.
	answer(code int, message string) any
}

// content is a message as people see it.
type content struct{ title, text string }

// refusal is a product's reason; the zero refusal is none. status is for products that refuse by HTTP status.
type refusal struct {
	code    int
	message string
	status  int
}

// longestBody is what the sink reads of a message, in bytes; every product takes less.
const longestBody = 1 << 20

func (s *Sink) routes() http.Handler {
	mux := http.NewServeMux()
	const root = "POST /local/bots/"
	mux.HandleFunc(root+"wecom/{section}/cgi-bin/webhook/send", s.serve(WeCom, wecom{}))
	mux.HandleFunc(root+"dingtalk/{section}/robot/send", s.serve(DingTalk, dingtalk{s.near}))
	mux.HandleFunc(root+"feishu/{section}/open-apis/bot/v2/hook/{id}", s.serve(Feishu, feishu{s.near}))
	mux.HandleFunc(root+"webhook/{section}", s.serve(Webhook, webhook{s.near}))
	mux.HandleFunc(root+"push/{section}", s.serve(Push, pushService{}))
	return mux
}

// ServeHTTP answers as the product of the path would; other paths are not found.
func (s *Sink) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.bots.ServeHTTP(w, r) }

func (s *Sink) serve(kind string, p product) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		b := bot{kind, r.PathValue("section")}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, longestBody))
		if err != nil {
			http.Error(w, "the body could not be read: "+err.Error(), http.StatusRequestEntityTooLarge)
			return
		}
		verdict := s.attempt(b)
		if !verdict.passes() && !verdict.Delivered {
			s.punish(w, r, p, verdict)
			return
		}
		seen, refused := p.read(r, body, s.options.Secret(kind, b.section))
		if code, often := s.tooOften(b); refused == (refusal{}) && often {
			refused = refusal{code: code, message: "send too fast"}
		}
		if refused != (refusal{}) {
			s.options.Logger.Info("bot refuses a message", "kind", kind, "section", b.section, "code", refused.code, "reason", refused.message)
			reply(w, refused.status, p.answer(refused.code, refused.message))
			return
		}
		s.take(entry{Message: &Message{Time: s.options.Clock(), Kind: kind, Section: b.section, Title: seen.title, Text: seen.text, Raw: raw(kind, body)}})
		if !verdict.passes() {
			s.punish(w, r, p, verdict)
			return
		}
		reply(w, 0, p.answer(0, "ok"))
	}
}

// punish carries out a verdict.
func (s *Sink) punish(w http.ResponseWriter, r *http.Request, p product, v Verdict) {
	switch {
	case v.Hang:
		<-r.Context().Done()
	case v.Drop:
		panic(http.ErrAbortHandler) // net/http's way to end a connection without an answer
	case v.Status != 0:
		http.Error(w, http.StatusText(v.Status), v.Status)
	default:
		reply(w, 0, p.answer(v.Code, "as the test wants"))
	}
}

func reply(w http.ResponseWriter, status int, body any) {
	if status == 0 {
		status = http.StatusOK
	}
	encoded, _ := json.Marshal(body) // strings and numbers always encode
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	w.Write(encoded)
}

// raw is a body as text, which that of a push is not.
func raw(kind string, body []byte) string {
	if kind == Push {
		return base64.StdEncoding.EncodeToString(body)
	}
	return string(body)
}
