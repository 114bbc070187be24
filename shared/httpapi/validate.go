package httpapi

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/go-playground/validator/v10"
	"golang.org/x/text/width"

	"steledesk/shared/office"
	"steledesk/shared/phrase"
	"steledesk/shared/ticket"
)

// Validate checks v by its validate tags and names every bad field. The error is an *Invalid.
func (r *Request) Validate(ctx context.Context, v any, o *office.Office) error {
	ctx = context.WithValue(ctx, inForce{}, lookup{office: o, now: r.Now})
	err := rules().StructCtx(ctx, v)
	var bad validator.ValidationErrors
	if !errors.As(err, &bad) {
		return err
	}
	fields := make([]Field, len(bad))
	for i, b := range bad {
		fields[i] = r.invalidField(b)
	}
	return &Invalid{Code: "invalid", Fields: fields}
}

// invalidField says in the caller's language what is wrong with a field.
func (r *Request) invalidField(b validator.FieldError) Field {
	code := b.Tag()
	numeric := b.Kind() >= reflect.Int && b.Kind() <= reflect.Float64
	switch {
	case code == "max" && b.Kind() == reflect.Slice:
		code = "max-items"
	case code == "max" && numeric:
		code = "max-number"
	}
	f := Field{Pointer: pointer(b.Namespace()), Code: code, Message: phrase.In(r.Language, "field."+code)}
	if b.Param() != "" {
		f.Message = phrase.In(r.Language, "field."+code, strings.ReplaceAll(b.Param(), " ", ", "))
	}
	return f
}

// pointer makes a JSON pointer of validator's "ticketBody.contact.phone" or "ticketBody.photos[2]".
func pointer(namespace string) string {
	_, path, _ := strings.Cut(namespace, ".")
	return "/" + strings.NewReplacer(".", "/", "[", "/", "]", "").Replace(path)
}

type inForce struct{}

// lookup is what a validation may look things up in.
type lookup struct {
	office *office.Office
	now    time.Time
}

// rules is the project's validator: made once, when the first request needs it.
var rules = sync.OnceValue(func() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		return name
	})
	for tag, rule := range map[string]validator.FuncCtx{
		"notblank": func(_ context.Context, f validator.FieldLevel) bool {
			return strings.TrimFunc(f.Field().String(), blank) != ""
		},
		"plaintext":   func(_ context.Context, f validator.FieldLevel) bool { return plain(f.Field().String()) },
		"phone":       func(_ context.Context, f validator.FieldLevel) bool { return phone(f.Field().String()) },
		"visitorkind": visitorKind,
		"category":    category,
		"spot":        spot,
		"past":        past,
		"plannable":   plannable,
	} {
		if err := v.RegisterValidationCtx(tag, rule); err != nil {
			panic(fmt.Sprintf("validation %s: %v", tag, err)) // a tag without a name: a mistake of this file
		}
	}
	return v
})

func visitorKind(_ context.Context, f validator.FieldLevel) bool {
	for _, k := range ticket.VisitorKinds() {
		if f.Field().String() == string(k) {
			return true
		}
	}
	return false
}

func category(ctx context.Context, f validator.FieldLevel) bool {
	k := ctx.Value(inForce{}).(lookup)
	_, ok := k.office.Category(f.Field().String())
	return ok
}

func spot(ctx context.Context, f validator.FieldLevel) bool {
	k := ctx.Value(inForce{}).(lookup)
	_, ok := k.office.Spot(f.Field().String())
	return ok
}

// past allows for phones whose clock is a little fast. What is older than anybody alive is a
// mistake of typing.
func past(ctx context.Context, f validator.FieldLevel) bool {
	t, ok := f.Field().Interface().(time.Time)
	now := ctx.Value(inForce{}).(lookup).now
	return ok && (t.IsZero() || t.Year() >= 1900 && !t.After(now.Add(10*time.Minute)))
}

// plannable takes the years that anybody plans for. The last second of year 9999 is year 10000 in China, which JSON does not
// write: such a time was taken, and could not be stored.
func plannable(_ context.Context, f validator.FieldLevel) bool {
	t, ok := f.Field().Interface().(time.Time)
	y := t.In(ticket.Zone).Year()
	return ok && y >= 2000 && y <= 2200
}

// plain reports whether s is text: of any script, with line breaks and emoji, and without the
// control and direction-override characters that hide or break what people read.
func plain(s string) bool {
	for _, c := range s {
		switch {
		case c == '\n' || c == '\t' || c == '\r':
		case unicode.IsControl(c), c == unicode.ReplacementChar:
			return false
		case c >= 0x202A && c <= 0x202E, c >= 0x2066 && c <= 0x2069:
			return false
		}
	}
	return true
}

// blank counts as nothing: space of any script and the characters that only look like nothing.
func blank(c rune) bool {
	const braille = 0x2800 // its pattern without a dot
	return unicode.IsSpace(c) || c == braille ||
		unicode.In(c, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// phone takes full-width forms, which Chinese keyboards type, as the common ones.
func phone(s string) bool {
	digits := 0
	for i, c := range width.Fold.String(s) {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c == '+' && i == 0, c == '-', c == ' ', c == '(', c == ')':
		default:
			return false
		}
	}
	return digits >= 5 && digits <= 20
}
