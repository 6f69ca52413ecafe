package call

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
)

// DecodeXML decodes a response in XML, also after a byte order mark and white space. It returns an error for a document type
// declaration (which can declare entities), for deep nesting and for unexpected elements. Its errors complete the sentence "The
// response is …" (see [Classifier.UnusableResponse]).
func DecodeXML(body []byte, into any) error {
	err := xml.NewTokenDecoder(&xmlGuard{raw: xml.NewDecoder(bytes.NewReader(body))}).Decode(into)
	var syntax *xml.SyntaxError
	switch {
	case len(withoutByteOrderMark(body)) == 0:
		return errEmpty
	case errors.As(err, &syntax) && syntax.Msg == "unexpected EOF", errors.Is(err, io.ErrUnexpectedEOF):
		return ErrTruncated
	case errors.As(err, new(xmlGuardError)):
		return err
	case err != nil:
		return errors.New("not the expected XML")
	}
	return nil
}

// xmlGuard passes only harmless XML to the decoder.
type xmlGuard struct {
	raw   *xml.Decoder
	depth int
}

type xmlGuardError string

func (e xmlGuardError) Error() string { return string(e) }

// Token returns the next raw token; the decoder around it checks the syntax.
func (g *xmlGuard) Token() (xml.Token, error) {
	token, err := g.raw.RawToken()
	if err != nil {
		return nil, err
	}
	switch token.(type) {
	case xml.Directive:
		return nil, xmlGuardError("a document with a type declaration, which is not allowed")
	case xml.StartElement:
		if g.depth++; g.depth > maxDepth {
			return nil, xmlGuardError(fmt.Sprintf("nested more than %d levels deep, which is not allowed", maxDepth))
		}
	case xml.EndElement:
		g.depth--
	}
	return token, nil
}
