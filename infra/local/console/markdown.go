package console

import (
	"html/template"
	"regexp"
	"strings"
)

// The marks that bots' messages use, as they look once the text is escaped.
var (
	boldMark = regexp.MustCompile(`\*\*([^*\n]+)\*\*`)
	fontMark = regexp.MustCompile(`&lt;font color=(?:&#34;|&#39;)[#A-Za-z0-9]+(?:&#34;|&#39;)&gt;(.*?)&lt;/font&gt;`)
	linkMark = regexp.MustCompile(`\[([^\[\]\n]+)\]\((https?://[^\s()]+)\)`)
)

// chat shows a bot's message the way the products do: bold, coloured, linked.
// Everything is escaped first, so a message can bring no markup of its own.
func chat(text string) template.HTML {
	escaped := template.HTMLEscapeString(strings.TrimSpace(text))
	escaped = fontMark.ReplaceAllString(escaped, `<em>$1</em>`)
	escaped = boldMark.ReplaceAllString(escaped, `<strong>$1</strong>`)
	escaped = linkMark.ReplaceAllString(escaped, `<a href="$2" rel="noreferrer">$1</a>`)
	return template.HTML(escaped) // escaped above; the marks add three elements and no more
}
