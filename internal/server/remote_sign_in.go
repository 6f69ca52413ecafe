package server

import (
	"context"
	"net/url"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api/pages"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// StartSignIn starts a sign-in for a person whose browser cannot reach the pages: it is on another machine. The target system
// sends the browser to the redirect address, where nothing needs to listen, and the person brings the address back, see
// [Server.FinishSignIn]. Without a URL in the result, its page says why no person can sign in.
func (s *Server) StartSignIn(ctx context.Context, revalidationID, redirect string) (pages.Started, error) {
	link, err := s.engine.AuthorizationLink(ctx, revalidationID)
	if err != nil {
		return pages.Started{}, err
	}
	out := pages.Started{Browser: newBrowserSecret()}
	started, visit, err := s.engine.StartAuthorization(remotePerson(ctx), model.AuthorizationStart{
		Link: link, Browser: out.Browser, RedirectURI: redirect,
	})
	if err != nil {
		return pages.Started{}, err
	}
	out.URL, out.Page = api.SecretURL(started.URL), pageOf(&visit)
	return out, nil
}

// FinishSignIn ends a sign-in with the parameters of the address that the target system sent the browser to.
func (s *Server) FinishSignIn(ctx context.Context, browser string, query url.Values) (pages.Page, error) {
	in := callbackOf(query)
	in.Browser = browser
	visit, err := s.engine.FinishAuthorization(remotePerson(ctx), in)
	if err != nil {
		return pages.Page{}, err
	}
	return pageOf(&visit), nil
}

// remotePerson is the caller of a sign-in without pages.
func remotePerson(ctx context.Context) context.Context {
	return engine.WithCaller(ctx, engine.Caller{Name: "person"})
}

// callbackOf reads the parameters of a callback. One that is repeated, or too long, makes all of them worthless.
func callbackOf(query url.Values) model.AuthorizationCallback {
	for _, values := range query {
		if len(values) > 1 || len(values[0]) > maxCallbackValue {
			return model.AuthorizationCallback{}
		}
	}
	return model.AuthorizationCallback{
		State: query.Get("state"), Code: query.Get("code"), Error: query.Get("error"),
		ErrorDescription: query.Get("error_description"),
	}
}
