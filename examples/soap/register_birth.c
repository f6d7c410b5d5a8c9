/* Register a birth from the WSDL alone, with gSOAP: the receipt, its journey, and every fault at once.
 *
 *   wsdl2h -c -s -o registry.h 'http://127.0.0.1:8080/soap/registry?wsdl'
 *   soapcpp2 -c -C -L -x registry.h
 *   cc register_birth.c soapC.c soapClient.c -lgsoap -o register_birth
 *   ./register_birth ENDPOINT BEARER_TOKEN NUMBER
 */
#include "soapH.h"
#include "RegistrySoap11.nsmap"

#define DAY_SECONDS (24 * 3600)
#define VIETNAM_SECONDS (7 * 3600)

/* gSOAP marks what may be missing by pointers; these make them, and soap_end frees them. */
static char **text(struct soap *soap, const char *value)
{
  char **place = soap_malloc(soap, sizeof *place);
  *place = soap_strdup(soap, value);
  return place;
}

static int *number_of(struct soap *soap, int value)
{
  int *place = soap_malloc(soap, sizeof *place);
  *place = value;
  return place;
}

static struct ns1__PersonName *name(struct soap *soap, const char *full)
{
  struct ns1__PersonName *made = soap_new_ns1__PersonName(soap, 1);
  made->full = text(soap, full);
  return made;
}

static struct ns1__PartialDate *day(struct soap *soap, int year, int month, int day_of_month)
{
  struct ns1__PartialDate *made = soap_new_ns1__PartialDate(soap, 1);
  made->year = number_of(soap, year);
  made->month = number_of(soap, month);
  made->day = number_of(soap, day_of_month);
  return made;
}

static struct ns1__Place *commune(struct soap *soap)
{
  struct ns1__Place *made = soap_new_ns1__Place(soap, 1);
  made->province_USCOREcode = text(soap, "08");
  made->commune_USCOREcode = text(soap, "00691");
  made->detail = text(soap, "Bệnh viện đa khoa");
  return made;
}

static struct ns1__Parent *parent(struct soap *soap, const char *full, enum ns1__PersonSex sex, int year,
                                  const char *number)
{
  struct ns1__Parent *made = soap_new_ns1__Parent(soap, 1);
  char id[40];
  snprintf(id, sizeof id, "099%d%02d%06d", sex == ns1__PersonSex__female ? 1 : 0, year % 100, atoi(number));
  made->name = name(soap, full);
  made->sex = sex;
  made->birth_USCOREdate = day(soap, year, 3, 14);
  made->ethnic_USCOREgroup_USCOREcode = text(soap, "01");
  made->nationality = text(soap, "VN");
  made->personal_USCOREid = text(soap, id);
  made->residence = soap_new_ns1__Residence(soap, 1);
  made->residence->kind = ns1__ResidenceKind__permanent;
  made->residence->place = commune(soap);
  return made;
}

/* An invented birth, registered just now. */
static struct ns1__Birth *birth(struct soap *soap, const char *number)
{
  time_t now = time(NULL), wall = now + VIETNAM_SECONDS, born = wall - 3 * DAY_SECONDS;
  struct tm born_on = *gmtime(&born), today = *gmtime(&wall);
  struct ns1__Birth *made = soap_new_ns1__Birth(soap, 1);
  char source_id[40], volume[20];
  snprintf(source_id, sizeof source_id, "C-%s", number);
  snprintf(volume, sizeof volume, "01/%d", today.tm_year + 1900);
  made->source_USCOREevent_USCOREid = soap_strdup(soap, source_id);
  made->registration = soap_new_ns1__BirthRegistration(soap, 1);
  made->registration->authority_USCOREcode = soap_strdup(soap, "00691");
  made->registration->registered_USCOREat = now;
  made->registration->book_USCOREcode = ns1__BirthRegistrationBookCode__KS;
  made->registration->volume = soap_strdup(soap, volume);
  made->registration->number = soap_strdup(soap, number);
  made->registration->kind = ns1__BirthRegistrationKind__on_USCOREtime;
  made->child = soap_new_ns1__Child(soap, 1);
  made->child->name = name(soap, "LÊ THỬ NGHIỆM");
  made->child->sex = ns1__PersonSex__female;
  made->child->birth_USCOREdate = day(soap, born_on.tm_year + 1900, born_on.tm_mon + 1, born_on.tm_mday);
  made->child->ethnic_USCOREgroup_USCOREcode = text(soap, "01");
  made->child->nationality = text(soap, "VN");
  made->child->place_USCOREof_USCOREorigin = commune(soap);
  made->child->place_USCOREof_USCOREbirth = commune(soap);
  made->mother = parent(soap, "PHẠM THỊ MẪU", ns1__PersonSex__female, 1997, number);
  made->father = parent(soap, "LÊ VĂN VÍ DỤ", ns1__PersonSex__male, 1994, number);
  made->birth = soap_new_ns1__BirthFacts(soap, 1);
  return made;
}

/* The same with five mistakes; the typed interface leaves no room for a wrong value of a list. */
static struct ns1__Birth *spoilt(struct soap *soap, const char *number)
{
  char other[40];
  struct ns1__Birth *made;
  snprintf(other, sizeof other, "%s9", number);
  made = birth(soap, other);
  made->registration->authority_USCOREcode = soap_strdup(soap, "691");
  made->registration->volume = soap_strdup(soap, "?");
  made->child->nationality = text(soap, "Việt Nam");
  made->mother->personal_USCOREid = text(soap, "197");
  made->copies_USCORErequested = number_of(soap, -1);
  return made;
}

static int register_it(struct soap *soap, const char *endpoint, struct ns1__Birth *event,
                       struct _ns1__RegisterBirthResponse *answer, const char *token)
{
  struct _ns1__RegisterBirth question = {.birth = event};
  soap->bearer = token; /* has to be set for each call */
  return soap_call___ns1__RegisterBirth(soap, endpoint, NULL, &question, answer);
}

/* SOAP 1.1 and 1.2 keep it in two places. */
static struct ns1__Problem *problem_of(struct soap *soap)
{
  struct SOAP_ENV__Detail *detail = NULL;
  if (soap->fault)
    detail = soap->fault->detail ? soap->fault->detail : soap->fault->SOAP_ENV__Detail;
  return detail ? detail->ns1__problem : NULL;
}

int main(int count, char **values)
{
  struct _ns1__RegisterBirthResponse receipt = {0}, none = {0};
  struct _ns1__GetEventStatus asked = {0};
  struct _ns1__GetEventStatusResponse status = {0};
  struct ns1__Problem *problem;
  int i;
  if (count != 4)
    return 2;
  struct soap *soap = soap_new1(SOAP_C_UTFSTRING | SOAP_XML_TREE);
  if (register_it(soap, values[1], birth(soap, values[3]), &receipt, values[2])) {
    soap_print_fault(soap, stderr);
    return 1;
  }
  printf("event_id %s\n", receipt.receipt->event_USCOREid);
  printf("due_at %s", ctime(&receipt.receipt->due_USCOREat));
  asked.event_USCOREid = receipt.receipt->event_USCOREid;
  soap->bearer = values[2];
  if (soap_call___ns1__GetEventStatus(soap, values[1], NULL, &asked, &status)) {
    soap_print_fault(soap, stderr);
    return 1;
  }
  for (i = 0; i < status.event->__sizedeliveries; i++)
    printf("delivery %s %s\n", status.event->deliveries[i].destination, status.event->deliveries[i].state);
  if (register_it(soap, values[1], spoilt(soap, values[3]), &none, values[2]) && (problem = problem_of(soap))) {
    printf("refused %s\n", problem->code);
    for (i = 0; i < problem->__sizeerrors; i++)
      printf("fault %s %s %s\n", problem->errors[i].pointer, problem->errors[i].code, problem->errors[i].message_USCOREvi);
  }
  soap_destroy(soap);
  soap_end(soap);
  soap_free(soap);
  return 0;
}
