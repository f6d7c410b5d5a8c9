// Register a birth from the WSDL alone, with the web services of .NET Framework or Mono: the receipt, its journey,
// and every fault at once.
//
//   wsdl /namespace:Hotich /out:Registry.cs "http://127.0.0.1:8080/soap/registry?wsdl=1.1"
//   csc RegisterBirth.cs Registry.cs /r:System.Web.Services.dll
//   RegisterBirth.exe ADDRESS BEARER_TOKEN NUMBER
//
// A number or a word of a list that may be missing has a companion `…Specified`: without it nothing is sent.

using System;
using System.Net;
using System.Text;
using System.Web.Services.Protocols;
using System.Xml;
using System.Xml.Serialization;
using Hotich;

class Gateway : RegistryService
{
    readonly string token;

    public Gateway(string address, string token)
    {
        Url = address;
        this.token = token;
    }

    protected override WebRequest GetWebRequest(Uri address)
    {
        var request = (HttpWebRequest)base.GetWebRequest(address);
        request.Headers[HttpRequestHeader.Authorization] = "Bearer " + token;
        return request;
    }
}

static class RegisterBirth
{
    static PartialDate Day(int year, int month, int day)
    {
        return new PartialDate
        {
            year = year, yearSpecified = true, month = month, monthSpecified = true, day = day, daySpecified = true
        };
    }

    static Place Commune()
    {
        return new Place { province_code = "08", commune_code = "00691", detail = "Bệnh viện đa khoa" };
    }

    static Parent ParentOf(string full, PersonSex sex, int year, string number)
    {
        int gender = sex == PersonSex.female ? 1 : 0;
        return new Parent
        {
            name = new PersonName { full = full },
            sex = sex,
            birth_date = Day(year, 3, 14),
            ethnic_group_code = "01",
            nationality = "VN",
            personal_id = string.Format("099{0}{1:00}{2:000000}", gender, year % 100, int.Parse(number)),
            residence = new Residence { kind = ResidenceKind.permanent, place = Commune() }
        };
    }

    /// <summary>An invented birth, registered just now.</summary>
    static Birth Invent(string number)
    {
        DateTime wall = DateTime.UtcNow.AddHours(7), born = wall.AddDays(-3);
        return new Birth
        {
            source_event_id = "CS-" + number,
            registration = new BirthRegistration
            {
                authority_code = "00691",
                registered_at = DateTime.UtcNow, // Utc or Local: Unspecified would be written without an offset
                book_code = BirthRegistrationBookCode.KS,
                volume = "01/" + wall.Year,
                number = number,
                kind = BirthRegistrationKind.on_time
            },
            child = new Child
            {
                name = new PersonName { full = "LÊ THỬ NGHIỆM" },
                sex = PersonSex.female,
                birth_date = Day(born.Year, born.Month, born.Day),
                ethnic_group_code = "01",
                nationality = "VN",
                place_of_origin = Commune(),
                place_of_birth = Commune()
            },
            mother = ParentOf("PHẠM THỊ MẪU", PersonSex.female, 1997, number),
            father = ParentOf("LÊ VĂN VÍ DỤ", PersonSex.male, 1994, number),
            birth = new BirthFacts()
        };
    }

    /// <summary>The same with five mistakes; the typed interface has no wrong value of a list.</summary>
    static Birth Spoil(string number)
    {
        Birth made = Invent(number + "9");
        made.registration.authority_code = "691";
        made.registration.volume = "?";
        made.child.nationality = "Việt Nam";
        made.mother.personal_id = "197";
        made.copies_requested = -1;
        made.copies_requestedSpecified = true;
        return made;
    }

    static void Main(string[] values)
    {
        Console.OutputEncoding = new UTF8Encoding(false);
        var gateway = new Gateway(values[0], values[1]);
        Receipt receipt = gateway.RegisterBirth(Invent(values[2]), null);
        Console.WriteLine("event_id " + receipt.event_id);
        Console.WriteLine("due_at " + receipt.due_at.ToString("o"));
        foreach (DeliveryStory delivery in gateway.GetEventStatus(receipt.event_id).deliveries)
            Console.WriteLine("delivery " + delivery.destination + " " + delivery.state);
        try
        {
            gateway.RegisterBirth(Spoil(values[2]), null);
        }
        catch (SoapException fault)
        {
            var root = new XmlRootAttribute("problem") { Namespace = "urn:hotich-gateway:registry:1" };
            var reader = new XmlNodeReader(fault.Detail.FirstChild);
            var problem = (Problem)new XmlSerializer(typeof(Problem), root).Deserialize(reader);
            Console.WriteLine("refused " + problem.code);
            foreach (Violation each in problem.errors)
                Console.WriteLine("fault " + each.pointer + " " + each.code + " " + each.message_vi);
        }
    }
}
