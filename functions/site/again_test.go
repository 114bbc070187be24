package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// A page that came of a form is had in another language or size by sending the form again, and
// nothing but its looks changes: a filing is no filing then.
func TestAPageOfAFormIsSeenInAnotherLanguage(t *testing.T) {
	d := open(t)
	form := matter("text", "溪边的灯坏了", "phone", "no phone")
	wrong := d.post(t, "/file?lang=zh", form)
	if !strings.Contains(wrong.body, `formaction="/file?again=1&amp;lang=ja"`) {
		t.Fatal("the form has no switch that keeps what was typed")
	}
	form.Set("phone", "13900001111")
	a := d.post(t, "/file?again=1&lang=ja", form)
	if a.status != http.StatusOK || !strings.Contains(a.body, `<html lang="ja"`) || !strings.Contains(a.body, "溪边的灯坏了") || d.store.count() != 0 {
		t.Fatalf("status %d, %d tickets, want the form in Japanese as it was typed and none", a.status, d.store.count())
	}

	filed := d.post(t, "/file?lang=zh", form)
	opener := url.Values{"number": {onPage(t, numberOnPage, filed)}, "code": {onPage(t, codeOnPage, filed)}}
	for _, path := range []string{"/receipt?lang=ko", "/follow?lang=ko&elder=1"} {
		a := d.post(t, path, opener)
		if a.status != http.StatusOK || !strings.Contains(a.body, `<html lang="ko"`) || !strings.Contains(a.body, opener.Get("number")) {
			t.Errorf("%s: status %d", path, a.status)
		}
	}
}

// The notice names the office, how to reach it and every chapter the law asks for, in each language.
func TestTheNoticeIsWhole(t *testing.T) {
	d := open(t)
	for language, wants := range map[string][]string{
		"zh": {"浯溪碑林风景名胜区（陶铸故居）管理处", "12345", "保存多久", "您的权利", "单独", "手机上存什么", "举报"},
		"en": {"Wuxi Stele Forest", "12345", "How long it is kept", "Your rights"},
		"ja": {"12345", "保存期間", "ご自身の権利"}, "ko": {"12345", "보관 기간", "귀하의 권리"},
	} {
		a := d.get(t, "/about?lang="+language)
		for _, want := range wants {
			if !strings.Contains(a.body, want) {
				t.Errorf("%s: status %d, lacks %q", language, a.status, want)
			}
		}
	}
}
