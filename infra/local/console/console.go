package console

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"strconv"
	"time"
)

//go:embed console.html console.css
var files embed.FS

// Handler serves /local, /local/console.css and /local/status.json. The page has no
// script; it loads itself again every few seconds unless ?refresh=0 asks it not to.
type Handler struct {
	read   func(context.Context) Status
	page   *template.Template
	logger *slog.Logger
	mux    http.ServeMux
}

// policy lets the page load its own style sheet and nothing else.
const policy = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// New makes a console of what read returns; read must answer quickly and is called
// once per request.
func New(read func(context.Context) Status, logger *slog.Logger) (*Handler, error) {
	page, err := template.New("console.html").Funcs(template.FuncMap{
		"clock": clock, "pretty": pretty, "size": size, "bot": bot, "initial": initial, "chat": chat,
	}).ParseFS(files, "console.html")
	if err != nil {
		return nil, fmt.Errorf("read console page: %w", err)
	}
	h := &Handler{read: read, page: page, logger: logger}
	h.mux.HandleFunc("GET /local", h.show)
	h.mux.HandleFunc("GET /local/status.json", h.status)
	h.mux.HandleFunc("GET /local/console.css", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFileFS(w, r, files, "console.css")
	})
	return h, nil
}

// ServeHTTP answers the console's paths and 404 for others.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Security-Policy", policy)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Referrer-Policy", "no-referrer")
	w.Header().Set("Cache-Control", "no-store")
	h.mux.ServeHTTP(w, r)
}

func (h *Handler) show(w http.ResponseWriter, r *http.Request) {
	var text bytes.Buffer
	err := h.page.Execute(&text, struct {
		Status
		Refresh int // seconds; 0 stands still
	}{h.read(r.Context()), refresh(r)})
	if err != nil {
		h.logger.Error("show console", "error", err)
		http.Error(w, "the console could not be shown; the log says why", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = text.WriteTo(w) // the reader went away
}

func (h *Handler) status(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(h.read(r.Context())); err != nil {
		h.logger.Warn("write status", "error", err)
	}
}

// refresh is how many seconds the page asks to be shown; 5 unless ?refresh says.
func refresh(r *http.Request) int {
	text := r.URL.Query().Get("refresh")
	seconds, err := strconv.Atoi(text)
	if err != nil || seconds < 0 || seconds > 3600 {
		return 5
	}
	return seconds
}

// shanghai is where the desk is; China has had no summer time since 1991.
var shanghai = time.FixedZone("+08:00", 8*60*60)

// clock writes a time as people of the desk read it.
func clock(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return t.In(shanghai).Format("2006-01-02 15:04:05")
}

// pretty indents JSON and leaves other text alone.
func pretty(text string) string {
	var out bytes.Buffer
	if err := json.Indent(&out, []byte(text), "", "  "); err != nil {
		return text
	}
	return out.String()
}

func size(bytes int64) string {
	const kilo = 1024
	switch {
	case bytes < kilo:
		return fmt.Sprintf("%d B", bytes)
	case bytes < kilo*kilo:
		return fmt.Sprintf("%.1f KB", float64(bytes)/kilo)
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/(kilo*kilo))
}

// bot names a kind of chat group.
func bot(kind string) string {
	switch kind {
	case "wecom":
		return "企业微信 WeCom"
	case "dingtalk":
		return "钉钉 DingTalk"
	case "feishu":
		return "飞书 Feishu"
	}
	return kind
}

func initial(section string) string {
	for _, r := range section {
		return string(r)
	}
	return "?"
}
