package server

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api/pages"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// maxCallbackValue limits a parameter of a callback, in bytes. No vendor documents a limit of codes; those that are known are
// shorter than 4 KiB.
const maxCallbackValue = 16 << 10

// maxAnswer limits the form of an answer, in bytes: a state, a proof and a word.
const maxAnswer = 4 << 10

// visits serve the pages for a person at one public address.
type visits struct {
	server *Server
	public *url.URL
}

// SignInHandler serves the pages for a person who signs in, at the public address that the browser calls, and nothing else: the
// first page behind a link, the callback, the answer to its question, the style sheet and the icon. Requests for another host are
// rejected with status 421, so that a name that was bound to this address elsewhere (DNS rebinding) is of no use.
//
// A sign-in belongs to the browser that pressed the button. The secret for that is in a cookie with SameSite=Lax: the callback is
// a navigation from another site, and a browser sends no Strict cookie with it. The state, which is used once, protects the
// callback from being called by others. The name of the cookie depends on the state, since cookies of one host are shared by all
// its ports, and several sign-ins may be under way.
func (s *Server) SignInHandler(publicURL string) (http.Handler, error) {
	public, err := url.Parse(publicURL)
	if err != nil || public.Host == "" || strings.Trim(public.Path, "/") != "" ||
		public.Scheme != "https" && public.Scheme != "http" {
		return nil, invalidField("public_url", "must be an address without a path, such as https://riva.example.com")
	}
	if s.options.Pages == nil {
		return nil, errors.New("the server has no pages for a person")
	}
	v := &visits{server: s, public: public}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+pages.LinkPath+"{link}", v.show)
	mux.HandleFunc("POST "+pages.LinkPath+"{link}", v.start)
	mux.HandleFunc("GET "+pages.CallbackPath, v.callback)
	mux.HandleFunc("POST "+pages.ConfirmPath, v.confirm)
	mux.HandleFunc("GET "+pages.StylesheetPath, v.stylesheet)
	mux.HandleFunc("GET "+pages.IconPath, v.icon)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		v.write(w, r, http.StatusNotFound, pages.Page{Kind: pages.KindNotFound})
	})
	protection := http.NewCrossOriginProtection()
	protection.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v.write(w, r, http.StatusForbidden, pages.Page{Kind: pages.KindOtherBrowser})
	}))
	return v.checkHost(protection.Handler(mux)), nil
}

// checkHost rejects requests that name another host.
func (v *visits) checkHost(next http.Handler) http.Handler {
	want := withPort(v.public.Host, v.public.Scheme)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if withPort(r.Host, v.public.Scheme) != want {
			v.write(w, r, http.StatusMisdirectedRequest, pages.Page{Kind: pages.KindWrongHost})
			return
		}
		next.ServeHTTP(w, r)
	})
}

// withPort returns a host in lower case, with the usual port of the scheme if it has none.
func withPort(host, scheme string) string {
	host = strings.ToLower(host)
	if _, _, err := net.SplitHostPort(host); err == nil {
		return host
	}
	port := "443"
	if scheme == "http" {
		port = "80"
	}
	return net.JoinHostPort(strings.Trim(host, "[]"), port)
}

// person is the caller of the person's routes. Who it is, is known after the sign-in.
func person(r *http.Request) context.Context {
	return engine.WithCaller(r.Context(), engine.Caller{Name: "person", RequestID: requestID(r.Context())})
}

// show shows the first page. It changes nothing.
func (v *visits) show(w http.ResponseWriter, r *http.Request) {
	visit, err := v.server.engine.ShowAuthorization(person(r), r.PathValue("link"))
	v.respond(w, r, &visit, err)
}

// start starts a sign-in, and sends the browser to the target system.
func (v *visits) start(w http.ResponseWriter, r *http.Request) {
	browser := newBrowserSecret()
	started, visit, err := v.server.engine.StartAuthorization(person(r), model.AuthorizationStart{
		Link: r.PathValue("link"), Browser: browser, RedirectURI: v.address(pages.CallbackPath),
	})
	if err != nil || started.URL == "" {
		v.respond(w, r, &visit, err)
		return
	}
	cookie := v.cookie(started.State) //nolint:gosec // Secure follows the scheme: a listener on loopback has no TLS
	cookie.Value, cookie.MaxAge = browser, int(api.SignInTimeout.Seconds())
	http.SetCookie(w, cookie)
	pages.SetHeaders(w.Header(), pages.Page{}, v.public.Scheme)
	w.Header().Set("Location", started.URL)
	w.WriteHeader(http.StatusSeeOther)
}

// callback ends a sign-in: the target system has sent the browser back.
func (v *visits) callback(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet { // HEAD would use up the state
		pages.SetHeaders(w.Header(), pages.Page{}, v.public.Scheme)
		w.Header().Set("Allow", http.MethodGet)
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	query := r.URL.Query()
	in := callbackOf(query)
	if strings.EqualFold(query.Get("admin_consent"), "true") && query.Get("code") == "" {
		v.write(w, r, http.StatusOK, pages.Page{Kind: pages.KindAdminConsented})
		return
	}
	cookie := v.cookie(in.State) //nolint:gosec // see start
	if sent, err := r.Cookie(cookie.Name); err == nil {
		in.Browser = sent.Value
	}
	visit, err := v.server.engine.FinishAuthorization(person(r), in)
	if err == nil && visit.Authorization.ID != "" { // it was this browser's
		cookie.MaxAge = -1
		if visit.Proof != nil { // the browser is asked who signed in
			cookie.Value, cookie.MaxAge = in.Browser, int(api.SignInTimeout.Seconds())
		}
		http.SetCookie(w, cookie)
	}
	if err != nil || visit.Proof == nil {
		v.respond(w, r, &visit, err)
		return
	}
	page := pageOf(&visit)
	page.ConfirmAction, page.ConfirmProof = pages.ConfirmPath, in.State+"."+base64.RawURLEncoding.EncodeToString(visit.Proof)
	v.write(w, r, statusOf(visit.End), page)
}

// confirm takes the answer to the question whether the right account has signed in.
func (v *visits) confirm(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxAnswer)
	answer := r.PostFormValue(pages.ConfirmField)
	state, encoded, _ := strings.Cut(r.PostFormValue(pages.ProofField), ".")
	proof, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil || answer != pages.ConfirmYes && answer != pages.ConfirmNo {
		v.write(w, r, http.StatusBadRequest, pages.Page{Kind: pages.KindStateUnknown})
		return
	}
	in := model.AuthorizationAnswer{State: state, Proof: proof, Yes: answer == pages.ConfirmYes}
	cookie := v.cookie(state)
	if sent, err := r.Cookie(cookie.Name); err == nil {
		in.Browser = sent.Value
	}
	visit, err := v.server.engine.AnswerAuthorization(person(r), in)
	v.respond(w, r, &visit, err)
}

// cookie is the cookie that binds a sign-in to a browser, without its value.
func (v *visits) cookie(state string) *http.Cookie {
	sum := sha256.Sum256([]byte(state))
	name := "riva_sign_in_" + hex.EncodeToString(sum[:8])
	if v.public.Scheme == "https" { // so that no other host of the domain can set it (RFC 6265bis, 4.1.3.2)
		name = "__Host-" + name
	}
	return &http.Cookie{ //nolint:gosec // see start
		Name: name, Path: "/", HttpOnly: true, Secure: v.public.Scheme == "https", SameSite: http.SameSiteLaxMode,
	}
}

// newBrowserSecret returns the value of a cookie: 256 random bits.
func newBrowserSecret() string {
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // never fails
	return base64.RawURLEncoding.EncodeToString(secret)
}

func (v *visits) address(path string) string { return v.public.Scheme + "://" + v.public.Host + path }

// respond writes the page of a visit. Errors of this program and of its configuration are logged, and not shown.
func (v *visits) respond(w http.ResponseWriter, r *http.Request, visit *model.AuthorizationResult, err error) {
	if err != nil {
		status := v.server.problemOf(r.Context(), err).Status // logs what is not known
		if status < http.StatusInternalServerError {
			v.server.log.LogAttrs(r.Context(), slog.LevelError, "the sign-in of a person failed",
				slog.String("request_id", requestID(r.Context())), slog.String("error", err.Error()))
		}
		if status != http.StatusServiceUnavailable {
			status = http.StatusInternalServerError
		}
		v.write(w, r, status, pages.Page{Kind: pages.KindFailed})
		return
	}
	v.write(w, r, statusOf(visit.End), pageOf(visit))
}

// write writes a page. A page that cannot be rendered is a mistake of this program.
func (v *visits) write(w http.ResponseWriter, r *http.Request, status int, p pages.Page) {
	p.RequestID = requestID(r.Context())
	var document bytes.Buffer
	if err := v.server.options.Pages.Render(&document, p); err != nil {
		v.server.log.LogAttrs(r.Context(), slog.LevelError, "render a page", slog.String("page", string(p.Kind)),
			slog.String("request_id", p.RequestID), slog.String("error", err.Error()))
		status = http.StatusInternalServerError
	}
	pages.SetHeaders(w.Header(), p, v.public.Scheme)
	w.WriteHeader(status)
	_, _ = w.Write(document.Bytes()) // the browser may have disconnected
}

func (v *visits) stylesheet(w http.ResponseWriter, _ *http.Request) {
	pages.SetStylesheetHeaders(w.Header())
	_, _ = w.Write(v.server.options.Pages.Stylesheet()) // the browser may have disconnected
}

func (v *visits) icon(w http.ResponseWriter, _ *http.Request) {
	pages.SetIconHeaders(w.Header())
	_, _ = w.Write(v.server.options.Pages.Icon()) // the browser may have disconnected
}
