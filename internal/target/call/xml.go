package call

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
)

// DecodeXML reads an answer in XML. It trusts nothing: a document type declaration (with which entities come), deep
// nesting and other elements than expected are errors. They complete the sentence "The answer is …" (see
// [Classifier.UnusableResponse]).
func DecodeXML(body []byte, into any) error {
	err := xml.NewTokenDecoder(&xmlGuard{raw: xml.NewDecoder(bytes.NewReader(body))}).Decode(into)
	var syntax *xml.SyntaxError
	switch {
	case errors.As(err, &syntax) && syntax.Msg == "unexpected EOF", errors.Is(err, io.ErrUnexpectedEOF):
		return ErrTruncated
	case errors.As(err, new(xmlGuardError)):
		return err
	case err != nil:
		return errors.New("not the XML that was expected")
	}
	return nil
}

// xmlGuard lets only harmless XML through to the decoder.
type xmlGuard struct {
	raw   *xml.Decoder
	depth int
}

type xmlGuardError string

func (e xmlGuardError) Error() string { return string(e) }

// Token gives the next token as it stands; the decoder around it checks the syntax.
func (g *xmlGuard) Token() (xml.Token, error) {
	token, err := g.raw.RawToken()
	if err != nil {
		return nil, err
	}
	switch token.(type) {
	case xml.Directive:
		return nil, xmlGuardError("a document with a type declaration, which is refused")
	case xml.StartElement:
		if g.depth++; g.depth > maxDepth {
			return nil, xmlGuardError(fmt.Sprintf("nested more than %d levels deep, which is refused", maxDepth))
		}
	case xml.EndElement:
		g.depth--
	}
	return token, nil
}
