package main

import (
	"context"
	"net/url"

	"steledesk/shared/httpapi"
	"steledesk/shared/receipt"
	"steledesk/shared/visitor"
	"steledesk/shared/web"
)

// receiptPage is the page of a receipt, with all that is made for it.
func (s *site) receiptPage(r *httpapi.Request, frame web.Frame, filed visitor.Receipt) web.ReceiptPage {
	frame.Again = web.Again{Path: "/receipt", Form: "again"}
	page := web.ReceiptPage{Frame: frame, Receipt: filed, Kept: has(s.mine(r), filed.Number), PushKey: s.pushKey()}
	page.QR = here(r, "/follow?"+url.Values{"n": {filed.Number}}.Encode())
	if filed.Proof != "" {
		page.QR = here(r, "/verify?r="+filed.Proof)
	}
	page.Calendar = s.calendarPath(filed.Number, filed.AnswerBy)
	return page
}

// receiptAgain shows a receipt once more, or for the first time when the phone's script filed: it is kept on the phone as
// after the form.
func (s *site) receiptAgain(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	return s.aboutReceipt(ctx, r, func(p *web.ReceiptPage, response httpapi.Response) (httpapi.Response, error) {
		return s.keep(r, response, owned(p.Receipt.Number, p.Receipt.Kind, p.Receipt.FiledAt), false)
	})
}

// saved notes that the visitor kept number and code, so that they are not asked again.
func (s *site) saved(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	return s.aboutReceipt(ctx, r, func(p *web.ReceiptPage, response httpapi.Response) (httpapi.Response, error) {
		o := owned(p.Receipt.Number, p.Receipt.Kind, p.Receipt.FiledAt)
		o.Saved = true
		return s.keep(r, response, o, false)
	})
}

// remembered keeps a 举报 on this phone too, because its visitor asked for it. visitor.ErrBusy: the phone's list cannot be
// read now, and nothing was kept.
func (s *site) remembered(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	if _, settled := s.readMine(r); !settled {
		return httpapi.Response{}, visitor.ErrBusy
	}
	return s.aboutReceipt(ctx, r, func(p *web.ReceiptPage, response httpapi.Response) (httpapi.Response, error) {
		return s.keep(r, response, owned(p.Receipt.Number, p.Receipt.Kind, p.Receipt.FiledAt), true)
	})
}

// aboutReceipt reads whose receipt a form is about, shows it, and answers with what then adds to it.
func (s *site) aboutReceipt(ctx context.Context, r *httpapi.Request,
	then func(*web.ReceiptPage, httpapi.Response) (httpapi.Response, error)) (httpapi.Response, error) {
	o, err := s.opened(r)
	if err != nil {
		return httpapi.Response{}, err
	}
	filed, err := s.desk.Receipt(ctx, o.number, o.code, r.Now)
	if err != nil {
		return httpapi.Response{}, err
	}
	frame, err := s.frame(ctx, r, "")
	if err != nil {
		return httpapi.Response{}, err
	}
	page := s.receiptPage(r, frame, filed)
	page.Done = r.Event.RouteKey
	for _, mine := range s.mine(r) {
		page.Saved = page.Saved || mine.Number == filed.Number && mine.Saved
	}
	response, err := page.Show()
	if err != nil {
		return response, err
	}
	return then(&page, response)
}

// forget takes one ticket, or all, off this phone. The tickets themselves stay. All go with the list, whether it can be read
// or not; of one that cannot be read now, none can be taken out: visitor.ErrBusy.
func (s *site) forget(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	typed, err := typed(r)
	if err != nil {
		return httpapi.Response{}, err
	}
	list, settled := s.readMine(r)
	number := typed.Get("number")
	switch {
	case !ours(r) || r.Cookie(mineCookie) == "":
		return seeOther("/follow")(ctx, r)
	case number == "":
		list = nil
	case !settled:
		return httpapi.Response{}, visitor.ErrBusy
	default:
		list = withoutOwned(list, number)
	}
	response, err := seeOther("/follow")(ctx, r)
	if err != nil {
		return response, err
	}
	return s.withMine(response, list)
}

// verifyForm shows what the QR code of a receipt holds, and the form to check a text against it.
func (s *site) verifyForm(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	here, line := "/verify", r.Query("r")
	if line != "" {
		here += "?" + url.Values{"r": {line}}.Encode()
	}
	frame, err := s.frame(ctx, r, here)
	if err != nil {
		return httpapi.Response{}, err
	}
	return s.verdict(r, frame, url.Values{"receipt": {line}})
}

// verify checks what was typed or pasted.
func (s *site) verify(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	typed, err := typed(r)
	if err != nil {
		return httpapi.Response{}, err
	}
	frame, err := s.frame(ctx, r, "/verify")
	if err != nil {
		return httpapi.Response{}, err
	}
	if typed.Get("receipt") == "" {
		typed.Set("receipt", "-") // asked with nothing typed is asked all the same
	}
	return s.verdict(r, frame, typed)
}

func (s *site) verdict(r *httpapi.Request, frame web.Frame, typed url.Values) (httpapi.Response, error) {
	page := web.VerifyPage{Frame: frame, Form: web.Form{Name: "verify", Language: r.Language, Typed: typed}}
	if typed.Get("receipt") == "" {
		return page.Show()
	}
	found, err := s.desk.CheckReceipt(typed.Get("receipt"))
	if err != nil {
		page.Wrong = frame.T("problem." + receipt.Code(err))
		return page.Show()
	}
	page.Found = &found
	if text := typed.Get("text"); text != "" {
		page.Compared, page.Same = true, found.Proves(text, typed.Get("wish"))
	}
	return page.Show()
}
