package desk

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"steledesk/shared/office"
	"steledesk/shared/phrase"
)

// fakeOffice is the office data of a fake desk, every version of it: the domain's own rules over a slice.
type fakeOffice struct {
	versions []*office.Office // the first is the built-in one
	by       []string
	tested   []string
	bot      object // what a test message comes to
}

const (
	fakeKey  = "0123456789abcdef"
	fakeSite = "https://wuxi.example.cn"
)

func newFakeOffice() *fakeOffice {
	o := office.Default()
	o.Channels = []office.Channel{{ID: "security-group", Section: "security", Kind: office.WeCom,
		URL: "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=" + fakeKey}}
	f := &fakeOffice{bot: object{"ok": true, "detail": "测试消息已送达"}}
	f.put(office.Default(), "")
	f.put(o, "office-1")
	return f
}

func (f *fakeOffice) put(o *office.Office, by string) {
	f.versions, f.by = append(f.versions, o), append(f.by, by)
}

func (f *fakeOffice) now() (*office.Office, int) {
	return f.versions[len(f.versions)-1], len(f.versions) - 1
}

func (f *fakeOffice) routes() map[string]func(*http.Request) (int, any) {
	return map[string]func(*http.Request) (int, any){
		"GET /v1/office": f.read, "PUT /v1/office": f.change, "POST /v1/office/preview": f.preview,
		"GET /v1/office/versions": f.history, "GET /v1/office/versions/{version}": f.version,
		"POST /v1/office/versions/{version}/restore": f.restore, "POST /v1/office/channels/{channel}/test": f.test,
	}
}

// queueless are the sections that the deployment gave no queue.
func (f *fakeOffice) warnings(o *office.Office) []object {
	list := []object{}
	for i, s := range o.Sections {
		if s.ID == "tearoom" {
			list = append(list, object{"pointer": fmt.Sprintf("/sections/%d", i), "code": "section-without-queue",
				"message": s.Name.ZH + "还没有自己的消息队列，先由办公室的队列代收。请管理员运行：sam deploy --parameter-overrides SectionIds=office,discipline,tearoom"})
		}
	}
	return list
}

func (f *fakeOffice) read(*http.Request) (int, any) {
	o, version := f.now()
	return 200, object{"version": version, "office": office.Masked(o), "warnings": f.warnings(o), "site": fakeSite}
}

// sent reads a body as the desk does.
func (f *fakeOffice) sent(r *http.Request) (*office.Office, []object) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, []object{{"pointer": "", "code": "invalid", "message": err.Error()}}
	}
	o, err := office.Parse("office.json", body)
	var invalid *office.InvalidError
	if errors.As(err, &invalid) {
		list := []object{}
		for _, p := range invalid.Problems {
			pointer := "/" + strings.NewReplacer(".", "/", "[", "/", "]", "").Replace(p.Path)
			list = append(list, object{"pointer": pointer, "code": "invalid", "message": strings.TrimSuffix(phrase.OfficeProblem("zh", p.Wrong)+"；"+phrase.OfficeProblem("zh", p.Right), "；")})
		}
		return nil, list
	}
	now, _ := f.now()
	o, err = office.Unmasked(o, now)
	if err != nil {
		return nil, []object{{"pointer": "/channels", "code": "invalid", "message": err.Error()}}
	}
	return o, []object{}
}

func (f *fakeOffice) change(r *http.Request) (int, any) {
	_, version := f.now()
	if r.Header.Get("If-Match") != strconv.Itoa(version) {
		return 412, object{"code": "office-changed", "detail": "有人先改了"}
	}
	o, problems := f.sent(r)
	if len(problems) > 0 {
		return 422, object{"code": "invalid", "detail": "有内容需要改正", "fields": problems}
	}
	f.put(o, "office-1")
	return 200, object{"version": version + 1}
}

func (f *fakeOffice) preview(r *http.Request) (int, any) {
	o, problems := f.sent(r)
	if len(problems) > 0 {
		return 200, object{"changes": []object{}, "problems": problems, "warnings": []object{}}
	}
	now, _ := f.now()
	return 200, object{"changes": between(now, o), "problems": problems, "warnings": f.warnings(o)}
}

func between(before, after *office.Office) []object {
	list := []object{}
	print := func(s string) string { return fmt.Sprintf("%06x", len(s)) }
	changes, err := office.Differences(office.Fingerprinted(before, print), office.Fingerprinted(after, print))
	if err != nil {
		panic(err)
	}
	for _, c := range changes {
		list = append(list, object{"sign": string(c.Sign), "path": c.Path, "text": c.Text})
	}
	return list
}

func (f *fakeOffice) history(*http.Request) (int, any) {
	list := []object{}
	for v := len(f.versions) - 1; v > 0; v-- {
		list = append(list, object{"version": v, "by": f.by[v], "at": fmt.Sprintf("2026-11-23T%02d:00:00+08:00", 8+v)})
	}
	return 200, object{"versions": list}
}

func (f *fakeOffice) version(r *http.Request) (int, any) {
	version, err := strconv.Atoi(r.PathValue("version"))
	if err != nil || version < 0 || version >= len(f.versions) {
		return 404, object{"code": "no-version", "detail": "没有"}
	}
	o, now := f.versions[version], f.versions[len(f.versions)-1]
	return 200, object{"version": version, "office": office.Masked(o), "changes": between(f.versions[max(version-1, 0)], o),
		"restoring": between(now, o), "problems": []object{}}
}

func (f *fakeOffice) restore(r *http.Request) (int, any) {
	_, now := f.now()
	version, err := strconv.Atoi(r.PathValue("version"))
	if err != nil || r.Header.Get("If-Match") != strconv.Itoa(now) {
		return 412, object{"code": "office-changed", "detail": "有人先改了"}
	}
	f.put(f.versions[version], "office-1")
	return 200, object{"version": now + 1}
}

func (f *fakeOffice) test(r *http.Request) (int, any) {
	f.tested = append(f.tested, r.PathValue("channel"))
	return 200, f.bot
}

// others saves what somebody else changed meanwhile.
func (f *fakeOffice) others(change func(o *office.Office)) {
	now, _ := f.now()
	text, err := json.Marshal(now)
	if err != nil {
		panic(err)
	}
	next := &office.Office{}
	if err := json.Unmarshal(text, next); err != nil {
		panic(err)
	}
	change(next)
	f.put(next, "office-2")
}
