package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"steledesk/shared/account"
	"steledesk/shared/audit"
	"steledesk/shared/seal"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
)

// Reveal gives a visitor's contact to staff who say why. That they did is remembered first: what cannot be
// remembered is not shown. Errors: ErrNotFound, ErrNoContact.
func (d *Desk) Reveal(ctx context.Context, who account.Principal, number, reason string, now time.Time) (visitor.Contact, error) {
	s, err := d.open(ctx, who, number)
	if err != nil {
		return visitor.Contact{}, err
	}
	c, err := d.contact(ctx, s.Head, now)
	switch {
	case err != nil:
		return visitor.Contact{}, err
	case c == nil:
		return visitor.Contact{}, ErrNoContact
	}
	if err := d.note(ctx, who, audit.Unmasked, s.Head, reason, now); err != nil {
		return visitor.Contact{}, err
	}
	return *c, nil
}

// contact opens a ticket's contact; nil when there is none, its time is over, or its key is gone.
func (d *Desk) contact(ctx context.Context, h ticket.Head, now time.Time) (*visitor.Contact, error) {
	if h.Anonymous {
		return nil, nil
	}
	sealed, err := d.Store.Contact(ctx, h.Number, now)
	if err != nil || sealed == "" {
		return nil, err
	}
	text, err := d.Keys.Open(sealed, h.Number)
	if errors.Is(err, seal.ErrGone) { // its key was taken off the ring, which was agreed to: the rest of the ticket is there
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("open contact of %s: %w", h.Number, err)
	}
	c := new(visitor.Contact)
	if err := json.Unmarshal([]byte(text), c); err != nil {
		return nil, fmt.Errorf("decode contact of %s: %w", h.Number, err)
	}
	return c, nil
}

func (d *Desk) masked(ctx context.Context, h ticket.Head, now time.Time) (*visitor.Contact, error) {
	c, err := d.contact(ctx, h, now)
	if c == nil || err != nil {
		return nil, err
	}
	return &visitor.Contact{Name: MaskName(c.Name), Phone: MaskPhone(c.Phone)}, nil
}

// compound are the two-character surnames (复姓) in use: of one of them both characters are the surname.
const compound = "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 " +
	"公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 令狐 闾丘 呼延 第五 轩辕 百里 东郭 南门 西门 左丘 谷梁 拓跋"

// MaskName leaves a name's surname and hides the rest: 张*, 欧阳**, J***. A name of one character is hidden whole.
func MaskName(name string) string {
	r := []rune(strings.TrimSpace(name))
	switch {
	case len(r) == 0:
		return ""
	case len(r) == 1:
		return "*"
	case len(r) > 2 && strings.Contains(" "+compound+" ", " "+string(r[:2])+" "):
		return string(r[:2]) + strings.Repeat("*", min(len(r)-2, 3))
	}
	return string(r[:1]) + strings.Repeat("*", min(len(r)-1, 3))
}

// MaskPhone leaves the first three and the last four digits of a phone number: 138****1234. Of a short one only the
// last two are left, since little would be hidden otherwise.
func MaskPhone(phone string) string {
	digits := strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' {
			return c
		}
		return -1
	}, fold(phone))
	switch n := len(digits); {
	case n == 0:
		return ""
	case n < 10:
		return "****" + digits[max(n-2, 0):]
	default:
		return digits[:3] + "****" + digits[n-4:]
	}
}
