package desk

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/shared/httpapi"
	"steledesk/shared/phrase"
)

// object is JSON as the page gets it.
type object = map[string]any

// fake is the desk's API as the page sees it: a few tickets in memory, and ways to go wrong.
type fake struct {
	*httptest.Server
	mu       sync.Mutex
	tickets  []object
	requests []string
	roles    []string
	token    string // its own: browsers keep cookies by host, whatever the port
	fail     int    // that many commands get no answer
	lose     int    // that many commands are done, and their answers lost
	ended    bool   // sessions are over
	must     bool   // the password is an operator's
	office   *fakeOffice
}

func newFake(t *testing.T) *fake {
	t.Helper()
	f := &fake{roles: []string{"section"}, office: newFakeOffice()}
	for i := range 60 {
		f.tickets = append(f.tickets, ticketOf(i))
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /desk", f.page)
	mux.HandleFunc("GET /desk/{file}", f.page)
	mux.HandleFunc("POST /v1/session", f.signIn)
	mux.HandleFunc("DELETE /v1/session", func(w http.ResponseWriter, _ *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "steledesk", Path: "/", MaxAge: -1})
		w.WriteHeader(http.StatusNoContent)
	})
	for route, handler := range map[string]func(*http.Request) (int, any){
		"GET /v1/catalog": f.catalog, "GET /v1/desk/me": f.me, "GET /v1/desk/tickets": f.list, "GET /v1/desk/counts": f.counts, "GET /v1/desk/board": f.board, "GET /v1/desk/audit": f.audit,
		"GET /v1/desk/templates":        f.templates,
		"GET /v1/desk/tickets/{number}": f.read, "POST /v1/session/password": f.password, "POST /v1/desk/tickets/{number}/contact": f.contact,
		"POST /v1/desk/tickets/{number}/commands/{command}": f.command,
	} {
		mux.HandleFunc(route, f.guarded(handler))
	}
	for route, handler := range f.office.routes() {
		mux.HandleFunc(route, f.guarded(handler))
	}
	mux.HandleFunc("GET /v1/office/posters/{spot}", f.poster)
	f.Server = httptest.NewServer(mux)
	f.token = f.URL[len("http://127.0.0.1:"):]
	t.Cleanup(f.Close)
	return f
}

func (f *fake) page(w http.ResponseWriter, r *http.Request) {
	e := events.APIGatewayV2HTTPRequest{Headers: map[string]string{"if-none-match": r.Header.Get("If-None-Match")}}
	if file := r.PathValue("file"); file != "" {
		e.PathParameters = map[string]string{"file": file}
	}
	response, err := Serve(&httpapi.Request{Event: e, Language: "zh"}, f.URL)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	for k, v := range response.Headers {
		w.Header().Set(k, v)
	}
	w.WriteHeader(response.Status)
	_, _ = w.Write(response.Body) // a browser that went away
}

func (f *fake) signIn(w http.ResponseWriter, r *http.Request) {
	var body struct{ Login, Password string }
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil || body.Password != "right password" {
		answer(w, http.StatusUnauthorized, object{"code": "unauthenticated", "detail": "账号或密码不对"})
		return
	}
	http.SetCookie(w, &http.Cookie{Name: "steledesk", Value: f.token, Path: "/", HttpOnly: true, Secure: true, SameSite: http.SameSiteStrictMode})
	f.mu.Lock()
	f.ended = false
	f.mu.Unlock()
	answer(w, http.StatusCreated, object{"token": f.token})
}

func (f *fake) guarded(handler func(*http.Request) (int, any)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.requests = append(f.requests, r.Method+" "+r.URL.String())
		cookie, err := r.Cookie("steledesk")
		switch {
		case r.URL.Path != "/v1/catalog" && (err != nil || cookie.Value != f.token || f.ended):
			answer(w, http.StatusUnauthorized, object{"code": "unauthenticated", "detail": "请登录"})
		case r.Method != http.MethodGet && r.Header.Get("X-CSRF-Token") != "csrf":
			answer(w, http.StatusForbidden, object{"code": "forbidden", "detail": "no csrf token"})
		case r.Method == http.MethodPost && f.fail > 0:
			f.fail--
			hangUp(w)
		default:
			lost := r.Method == http.MethodPost && f.lose > 0
			status, body := handler(r)
			if lost {
				f.lose--
				hangUp(w)
			}
			answer(w, status, body)
		}
	}
}

// hangUp breaks off in the middle of an answer; browsers repeat a call themselves that got none of it.
func hangUp(w http.ResponseWriter) {
	w.Header().Set("content-length", "1000")
	w.WriteHeader(http.StatusOK)
	_ = http.NewResponseController(w).Flush() // the connection ends next
	panic(http.ErrAbortHandler)
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("content-type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // a browser that went away
}

func named(r *http.Request, group, id string) object {
	return object{"id": id, "name": phrase.In(phrase.Language(r.Header.Get("Accept-Language")), group+"."+id)}
}

func either(r *http.Request, zh, en string) string {
	if phrase.Language(r.Header.Get("Accept-Language")) == "en" {
		return en
	}
	return zh
}

func sections(r *http.Request) []object {
	return []object{
		{"id": "office", "name": either(r, "政务公开办公室", "Open Affairs Office")}, {"id": "security", "name": either(r, "安全保卫科", "Safety and Security")},
		{"id": "gardens", "name": either(r, "园林环卫科", "Gardens and Cleaning")}, {"id": "exhibition", "name": either(r, "陈列宣教科", "Exhibitions and Education")},
	}
}

func (f *fake) catalog(r *http.Request) (int, any) {
	return 200, object{
		"office":     object{"name": either(r, "浯溪碑林风景名胜区（陶铸故居）管理处", "Wuxi Stele Forest Scenic Area (Tao Zhu's Former Residence)")},
		"categories": []object{{"id": "safety", "name": either(r, "游览安全", "Visitors' safety"), "sub": []object{{"id": "railings", "name": either(r, "护栏与步道", "Railings and paths")}}}},
		"spots":      []object{{"id": "BL07", "name": either(r, "浯溪步道", "Wuxi Brook Path")}}, "sections": sections(r),
	}
}

func (f *fake) templates(r *http.Request) (int, any) {
	return 200, object{"templates": []object{
		{"id": "solved", "name": either(r, "已解决", "Solved"), "for": []string{"answer"}, "kinds": []string{}, "outcome": "solved",
			"text": object{"zh": "您反映的情况我们已核实。\n处理结果：", "en": "We looked into what you told us.\nWhat was done: "}},
		{"id": "thanks", "name": either(r, "建议收到", "Thanks"), "for": []string{"answer"}, "kinds": []string{"suggestion"}, "text": object{"zh": "感谢"}},
		{"id": "where", "name": either(r, "请补充地点", "Where"), "for": []string{"ask"}, "kinds": []string{}, "text": object{"zh": "具体位置在哪里？"}},
	}}
}

func (f *fake) me(r *http.Request) (int, any) {
	mine := sections(r)[1:2]
	return 200, object{"login": "guard", "name": either(r, "安保值班", "Security desk"), "roles": f.roles, "sections": mine, "mustChange": f.must, "csrf": "csrf"}
}

func (f *fake) password(r *http.Request) (int, any) {
	var body struct{ Old, New string }
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil || len(body.New) < 10 {
		return 422, object{"code": "invalid", "detail": "有内容需要改正", "fields": []object{{"pointer": "/new", "message": "太短"}}}
	}
	f.must = false
	return 200, object{}
}

var classes = []string{"overdue", "today", "soon", "later", "paused", "none"}

func ticketOf(i int) object {
	due, state := classes[min(i/2, 3)], "assigned"
	if i == 3 {
		due, state = "paused", "waiting"
	}
	text := fmt.Sprintf("步道第 %d 处护栏松动，孩子靠上去差点掉进溪里，请尽快派人来看一看。", i+1)
	if i == 1 {
		text = `<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>`
	}
	return object{
		"number": fmt.Sprintf("WX-%08d", i), "kind": "complaint", "state": state, "urgent": i == 0, "due": due, "gist": text, "version": 1, "round": 1 + i%7/6,
		"filedAt": "2026-11-23T09:00:00+08:00", "answerBy": "2026-11-30T23:59:59+08:00", "signBy": "2026-11-24T09:30:00+08:00",
		"urged": i % 3, "overseen": 0, "handler": "", "mine": false, "publishable": i%2 == 0, "language": []string{"zh", "en"}[i%2], "published": false, "anonymous": false,
		"events": []object{{"seq": 1, "what": "filed", "at": "2026-11-23T09:00:00+08:00", "by": object{"role": "visitor"}, "text": text, "wish": "修好它"}},
	}
}

// shown is a ticket in the caller's language, as lists give it.
func shown(r *http.Request, k object) object {
	out := object{}
	for key, v := range k {
		out[key] = v
	}
	out["kind"], out["state"] = named(r, "kind", k["kind"].(string)), named(r, "state", k["state"].(string))
	out["section"] = sections(r)[1]
	out["category"] = object{"id": "railings", "name": either(r, "护栏与步道", "Railings and paths")}
	out["spot"] = object{"id": "BL07", "name": either(r, "浯溪步道", "Wuxi Brook Path")}
	delete(out, "events")
	return out
}

// whole is a ticket as it is read.
func whole(r *http.Request, k object) object {
	out := shown(r, k)
	out["contact"] = object{"name": "张*", "phone": "138****1234"}
	says := []object{}
	for _, e := range k["events"].([]object) {
		e = mergeInto(object{"says": named(r, "event", e["what"].(string))["name"]}, e)
		e["says"] = strings.ReplaceAll(e["says"].(string), "%s", either(r, "安全保卫科", "Safety and Security"))
		says = append(says, e)
	}
	out["events"] = says
	out["commands"] = map[string][]string{
		"assigned": {"sign", "claim", "extend", "return", "hand-over", "note"}, "handling": {"ask", "answer", "extend", "return", "note"},
		"waiting": {"answer", "note"}, "triage": {"assign", "decline", "refer", "note"},
	}[k["state"].(string)]
	if out["commands"].([]string) == nil {
		out["commands"] = []string{"note"}
	}
	return out
}

func mergeInto(into, from object) object {
	for k, v := range from {
		into[k] = v
	}
	return into
}

func (f *fake) list(r *http.Request) (int, any) {
	q, found := r.URL.Query(), []object{}
	for _, k := range f.tickets {
		matches := (q.Get("state") == "" || q.Get("state") == k["state"]) && (q.Get("due") == "" || q.Get("due") == k["due"]) &&
			(q.Get("q") == "" || strings.Contains(k["gist"].(string)+k["number"].(string), q.Get("q")))
		if matches {
			found = append(found, shown(r, k))
		}
	}
	start, _ := strconv.Atoi(q.Get("cursor")) // empty: the beginning
	limit, _ := strconv.Atoi(q.Get("limit"))
	end, next := min(start+limit, len(found)), ""
	if end < len(found) {
		next = strconv.Itoa(end)
	}
	return 200, object{"tickets": found[start:end], "next": next}
}

func (f *fake) counts(*http.Request) (int, any) {
	c := map[string]int{"open": len(f.tickets)}
	for _, k := range f.tickets {
		for name, so := range map[string]bool{
			"unsigned": k["state"] == "assigned", "dueToday": k["due"] == "today", "overdue": k["due"] == "overdue", "urgent": k["urgent"] == true,
		} {
			if so {
				c[name]++
			}
		}
	}
	return 200, object{"open": c["open"], "unsigned": c["unsigned"], "dueToday": c["dueToday"], "overdue": c["overdue"], "urgent": c["urgent"], "capped": false}
}

func (f *fake) find(r *http.Request) object {
	i := slices.IndexFunc(f.tickets, func(k object) bool { return k["number"] == r.PathValue("number") })
	if i < 0 {
		return nil
	}
	return f.tickets[i]
}

func (f *fake) read(r *http.Request) (int, any) {
	k := f.find(r)
	if k == nil {
		return 404, object{"code": "unknown-ticket", "detail": "没有"}
	}
	return 200, whole(r, k)
}

func (f *fake) contact(r *http.Request) (int, any) {
	return 200, object{"name": "张三", "phone": "13800001234"}
}

// done are the events of commands, and the states they lead to.
var done = map[string][2]string{"sign": {"signed", "handling"}, "answer": {"answered", "answered"}, "ask": {"asked", "waiting"}, "note": {"noted", ""}}

func (f *fake) command(r *http.Request) (int, any) {
	k, name := f.find(r), r.PathValue("command")
	version, _ := strconv.Atoi(r.Header.Get("If-Match")) // 0 matches nothing
	var body object
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		return 400, object{"code": "malformed-json", "detail": "bad"}
	}
	what := done[name]
	if version != k["version"] {
		if last := k["events"].([]object); version < len(last) && last[version]["what"] == what[0] && last[version]["text"] == body["text"] {
			return 200, whole(r, k)
		}
		return 412, object{"code": "changed", "detail": "刚被更新"}
	}
	f.apply(k, what[0], what[1], body["text"], "guard")
	return 200, whole(r, k)
}

func (f *fake) apply(k object, what, state string, text any, login string) {
	if state != "" {
		k["state"] = state
	}
	k["version"] = k["version"].(int) + 1
	k["events"] = append(k["events"].([]object), object{"seq": k["version"], "what": what, "at": "2026-11-23T10:00:00+08:00", "text": text,
		"by": object{"role": "section", "login": login, "section": object{"id": "security", "name": "安全保卫科"}}})
}

// with changes what the desk holds.
func (f *fake) with(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
}
