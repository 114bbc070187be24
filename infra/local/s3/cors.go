package s3

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// CORSRule says which scripts may call a bucket, in the words of AWS::S3::Bucket. Origins and headers may hold one *.
type CORSRule struct {
	Methods, Origins, Headers, ExposeHeaders []string

	MaxAge int // seconds a browser may remember the answer; 0: not told
}

// covers reports whether the rule lets a script of the origin make a call with the method and headers.
func (c CORSRule) covers(origin, method string, headers []string) bool {
	return slices.Contains(c.Methods, method) && matchesAny(c.Origins, origin) &&
		!slices.ContainsFunc(headers, func(h string) bool { return !matchesAny(lower(c.Headers), strings.ToLower(h)) })
}

func lower(all []string) []string {
	lowered := make([]string, len(all))
	for i, one := range all {
		lowered[i] = strings.ToLower(one)
	}
	return lowered
}

// matchesAny compares with patterns of at most one *.
func matchesAny(patterns []string, text string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		before, after, wild := strings.Cut(pattern, "*")
		if !wild {
			return pattern == text
		}
		return len(text) >= len(before)+len(after) && strings.HasPrefix(text, before) && strings.HasSuffix(text, after)
	})
}

// rule finds the first rule of the bucket that covers a call.
func (s *Server) rule(bucket, origin, method string, headers []string) (CORSRule, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, rule := range s.cors[bucket] {
		if rule.covers(origin, method, headers) {
			return rule, true
		}
	}
	return CORSRule{}, false
}

// preflight answers a browser that asks before it lets a script call.
func (s *Server) preflight(w http.ResponseWriter, r *http.Request, bucket string) {
	origin, method := r.Header.Get("Origin"), r.Header.Get("Access-Control-Request-Method")
	var headers []string
	for name := range strings.SplitSeq(r.Header.Get("Access-Control-Request-Headers"), ",") {
		if name = strings.TrimSpace(name); name != "" {
			headers = append(headers, name)
		}
	}
	rule, ok := s.rule(bucket, origin, method, headers)
	if !ok || origin == "" {
		fail(w, r, &failure{Code: "AccessForbidden", status: http.StatusForbidden,
			Message: "CORSResponse: This CORS request is not allowed. No rule of the bucket covers its origin, method and headers."})
		return
	}
	rule.tell(w.Header(), origin)
	w.Header().Set("Access-Control-Allow-Methods", strings.Join(rule.Methods, ", "))
	if len(headers) > 0 {
		w.Header().Set("Access-Control-Allow-Headers", strings.ToLower(strings.Join(headers, ", ")))
	}
	if rule.MaxAge > 0 {
		w.Header().Set("Access-Control-Max-Age", strconv.Itoa(rule.MaxAge))
	}
	w.WriteHeader(http.StatusOK)
}

// tell sets what preflights and calls have in common.
func (c CORSRule) tell(header http.Header, origin string) {
	if slices.Contains(c.Origins, "*") {
		header.Set("Access-Control-Allow-Origin", "*")
	} else {
		header.Set("Access-Control-Allow-Origin", origin)
		header.Set("Access-Control-Allow-Credentials", "true")
	}
	header.Set("Vary", "Origin, Access-Control-Request-Headers, Access-Control-Request-Method")
	if len(c.ExposeHeaders) > 0 {
		header.Set("Access-Control-Expose-Headers", strings.Join(c.ExposeHeaders, ", "))
	}
}

// allowed sets the headers of a call's answer, if a rule covers the call.
func (s *Server) allowed(r *http.Request, bucket string) func(http.Header) {
	origin := r.Header.Get("Origin")
	rule, ok := s.rule(bucket, origin, r.Method, nil)
	if !ok || origin == "" {
		return func(http.Header) {}
	}
	return func(header http.Header) { rule.tell(header, origin) }
}

// corsWriter replaces gofakes3's answer, which allows everything, by the bucket's.
type corsWriter struct {
	http.ResponseWriter
	allow   func(http.Header)
	written bool
}

func (w *corsWriter) WriteHeader(status int) {
	if !w.written {
		w.written = true
		for name := range w.Header() {
			if strings.HasPrefix(name, "Access-Control-") {
				w.Header().Del(name)
			}
		}
		w.allow(w.Header())
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *corsWriter) Write(p []byte) (int, error) {
	if !w.written {
		w.WriteHeader(http.StatusOK)
	}
	return w.ResponseWriter.Write(p)
}
