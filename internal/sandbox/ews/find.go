package ews

import (
	"slices"
	"strconv"
	"strings"
)

// propertyLookup returns the value of a property by the path of a client; false if it does not exist.
type propertyLookup func(path *node) (string, bool)

// values returns the propertyLookup of one folder or item.
func values[T any](of T, table []property[T], extended func(T, string) (string, bool)) propertyLookup {
	return func(path *node) (string, bool) {
		if path.name == "ExtendedFieldURI" {
			return extended(of, extendedKey(path))
		}
		for _, p := range table {
			if p.uri != "" && p.uri == path.attr("FieldURI") {
				if e := p.make(of); e != nil && len(e.children) == 0 {
					return e.text, true
				}
			}
		}
		return "", false
	}
}

// matches evaluates a search expression (types.xsd: SearchExpressionType) of a restriction: And, Or, Not, Exists and
// IsEqualTo.
func matches(expression *node, get propertyLookup) (bool, *soapError) {
	switch expression.name {
	case "And", "Or":
		and := expression.name == "And"
		for _, part := range expression.children {
			ok, soapErr := matches(part, get)
			if soapErr != nil || ok != and {
				return ok, soapErr
			}
		}
		return and, nil
	case "Not", "Exists", "IsEqualTo":
	default:
		return false, newSOAPError("ErrorUnsupportedQueryFilter")
	}
	if len(expression.children) == 0 {
		return false, newSOAPError("ErrorInvalidRestriction")
	}
	if expression.name == "Not" {
		ok, soapErr := matches(expression.children[0], get)
		return !ok, soapErr
	}
	value, ok := get(expression.children[0])
	if expression.name == "IsEqualTo" {
		ok = ok && compareValues(value, expression.child("FieldURIOrConstant", "Constant").attr("Value")) == 0
	}
	return ok, nil
}

// compareValues compares values as text without regard to letter case. All times have the same form.
func compareValues(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) }

// restrict returns the elements that match the restriction of a request.
func restrict[T any](all []T, restriction *node, get func(T) propertyLookup) ([]T, *soapError) {
	if restriction == nil {
		return all, nil
	}
	if len(restriction.children) != 1 {
		return nil, newSOAPError("ErrorInvalidRestriction")
	}
	var matching []T
	for _, element := range all {
		ok, soapErr := matches(restriction.children[0], get(element))
		if soapErr != nil {
			return nil, soapErr
		}
		if ok {
			matching = append(matching, element)
		}
	}
	return matching, nil
}

// sortItems sorts by the sort order of a request.
func sortItems[T any](all []T, order *node, get func(T) propertyLookup) {
	slices.SortStableFunc(all, func(a, b T) int {
		for _, field := range order.all() {
			if len(field.children) == 0 {
				continue
			}
			x, _ := get(a)(field.children[0])
			y, _ := get(b)(field.children[0])
			n := compareValues(x, y)
			if field.attr("Order") == "Descending" {
				n = -n
			}
			if n != 0 {
				return n
			}
		}
		return 0
	})
}

// page is the part of a result that a view requests.
type page[T any] struct {
	rows   []T
	offset int // of the next page
	total  int
}

// paginate returns the page that an IndexedPageItemView or IndexedPageFolderView requests; without a view, all
// elements.
func paginate[T any](all []T, view *node) page[T] {
	start, end := 0, len(all)
	offset, _ := strconv.Atoi(view.attr("Offset"))
	if view.attr("BasePoint") == "End" {
		end = max(0, len(all)-offset)
	} else {
		start = min(offset, len(all))
	}
	if limit, err := strconv.Atoi(view.attr("MaxEntriesReturned")); err == nil {
		if view.attr("BasePoint") == "End" {
			start = max(start, end-limit)
		} else {
			end = min(end, start+limit)
		}
	}
	return page[T]{rows: all[start:end], offset: end, total: len(all)}
}

// addPaging adds the paging attributes to the element of a result.
func (p page[T]) addPaging(e *element, indexed bool) *element {
	if indexed {
		e.with("IndexedPagingOffset", strconv.Itoa(p.offset))
	}
	return e.with("TotalItemsInView", strconv.Itoa(p.total)).
		with("IncludesLastItemInRange", strconv.FormatBool(p.offset >= p.total))
}
