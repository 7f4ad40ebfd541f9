/* Reads a calendar with libical, as Evolution and many others do, and is strict about it.

   Prints each start as "UID seconds", those of a series one by one; exit code 1 if libical has put
   an error into the calendar, if a component breaks the rules of RFC 5546, or if it reads nothing. */

#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>

static int wrong = 0;

static void look_for_errors(icalcomponent *component) {
  icalproperty *property;
  icalcomponent *inner;
  for (property = icalcomponent_get_first_property(component, ICAL_XLICERROR_PROPERTY); property;
       property = icalcomponent_get_next_property(component, ICAL_XLICERROR_PROPERTY)) {
    fprintf(stderr, "error: %s\n", icalproperty_get_xlicerror(property));
    wrong = 1;
  }
  for (inner = icalcomponent_get_first_component(component, ICAL_ANY_COMPONENT); inner;
       inner = icalcomponent_get_next_component(component, ICAL_ANY_COMPONENT))
    look_for_errors(inner);
}

static void tell(icalcomponent *event, struct icaltime_span *span, void *nothing) {
  (void)nothing;
  printf("%s %lld\n", icalcomponent_get_uid(event), (long long)span->start);
}

int main(int count, char **arguments) {
  FILE *file = count == 4 ? fopen(arguments[1], "rb") : NULL;
  char *text;
  long size;
  icalcomponent *calendar, *event;
  struct icaltimetype since, until;
  if (!file) return 2;
  fseek(file, 0, SEEK_END);
  size = ftell(file);
  rewind(file);
  text = calloc(1, size + 1);
  if (!text || fread(text, 1, size, file) != (size_t)size) return 2;
  fclose(file);
  calendar = icalparser_parse_string(text);
  if (!calendar) return 1;
  look_for_errors(calendar);
  if (!icalrestriction_check(calendar)) {
    fprintf(stderr, "error: breaks a restriction\n");
    wrong = 1;
  }
  since = icaltime_from_string(arguments[2]);
  until = icaltime_from_string(arguments[3]);
  for (event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT); event;
       event = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT))
    icalcomponent_foreach_recurrence(event, since, until, tell, NULL);
  icalcomponent_free(calendar);
  free(text);
  return wrong;
}
