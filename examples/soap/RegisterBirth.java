// Register a birth from the WSDL alone, with JAX-WS: the receipt, its journey, and every fault at once.
//
//   wsimport -keep -p registry 'http://127.0.0.1:8080/soap/registry?wsdl'
//   javac RegisterBirth.java
//   java RegisterBirth WSDL BEARER_TOKEN NUMBER
//
// Java 8 brings JAX-WS along; later ones need the packages jakarta.xml.ws (Maven) or jaxws (Debian).

import java.net.URL;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import javax.xml.datatype.DatatypeFactory;
import javax.xml.ws.BindingProvider;
import javax.xml.ws.handler.MessageContext;
import registry.*;

public class RegisterBirth {
    static PersonName name(String full) {
        PersonName made = new PersonName();
        made.setFull(full);
        return made;
    }

    static PartialDate day(int year, int month, int day) {
        PartialDate made = new PartialDate();
        made.setYear(year);
        made.setMonth(month);
        made.setDay(day);
        return made;
    }

    static Place commune() {
        Place made = new Place();
        made.setProvinceCode("08");
        made.setCommuneCode("00691");
        made.setDetail("Bệnh viện đa khoa");
        return made;
    }

    static Parent parent(String full, PersonSex sex, int year, String number) {
        Parent made = new Parent();
        made.setName(name(full));
        made.setSex(sex);
        made.setBirthDate(day(year, 3, 14));
        made.setEthnicGroupCode("01");
        made.setNationality("VN");
        int gender = sex == PersonSex.FEMALE ? 1 : 0;
        made.setPersonalId(String.format("099%d%02d%06d", gender, year % 100, Integer.parseInt(number)));
        Residence residence = new Residence();
        residence.setKind(ResidenceKind.PERMANENT);
        residence.setPlace(commune());
        made.setResidence(residence);
        return made;
    }

    /** An invented birth, registered just now. */
    static Birth birth(String number) throws Exception {
        OffsetDateTime now = OffsetDateTime.now(ZoneOffset.ofHours(7)).truncatedTo(ChronoUnit.SECONDS);
        LocalDate born = now.toLocalDate().minusDays(3);
        Birth made = new Birth();
        made.setSourceEventId("JAVA-" + number);
        BirthRegistration registration = new BirthRegistration();
        registration.setAuthorityCode("00691");
        registration.setRegisteredAt(DatatypeFactory.newInstance().newXMLGregorianCalendar(now.toString()));
        registration.setBookCode(BirthRegistrationBookCode.KS);
        registration.setVolume("01/" + now.getYear());
        registration.setNumber(number);
        registration.setKind(BirthRegistrationKind.ON_TIME);
        made.setRegistration(registration);
        Child child = new Child();
        child.setName(name("LÊ THỬ NGHIỆM"));
        child.setSex(PersonSex.FEMALE);
        child.setBirthDate(day(born.getYear(), born.getMonthValue(), born.getDayOfMonth()));
        child.setEthnicGroupCode("01");
        child.setNationality("VN");
        child.setPlaceOfOrigin(commune());
        child.setPlaceOfBirth(commune());
        made.setChild(child);
        made.setMother(parent("PHẠM THỊ MẪU", PersonSex.FEMALE, 1997, number));
        made.setFather(parent("LÊ VĂN VÍ DỤ", PersonSex.MALE, 1994, number));
        made.setBirth(new BirthFacts());
        return made;
    }

    /** The same with five mistakes; the typed interface leaves no room for a wrong value of a list. */
    static Birth spoilt(String number) throws Exception {
        Birth made = birth(number + "9");
        made.getRegistration().setAuthorityCode("691");
        made.getRegistration().setVolume("?");
        made.getChild().setNationality("Việt Nam");
        made.getMother().setPersonalId("197");
        made.setCopiesRequested(-1);
        return made;
    }

    public static void main(String[] values) throws Exception {
        Registry gateway = new RegistryService(new URL(values[0])).getRegistrySoap11();
        ((BindingProvider) gateway).getRequestContext().put(
            MessageContext.HTTP_REQUEST_HEADERS, Map.of("Authorization", List.of("Bearer " + values[1])));
        Receipt receipt = gateway.registerBirth(birth(values[2]), null);
        System.out.println("event_id " + receipt.getEventId());
        System.out.println("due_at " + receipt.getDueAt());
        for (DeliveryStory delivery : gateway.getEventStatus(receipt.getEventId()).getDeliveries()) {
            System.out.println("delivery " + delivery.getDestination() + " " + delivery.getState());
        }
        try {
            gateway.registerBirth(spoilt(values[2]), null);
        } catch (RegistryFault fault) {
            System.out.println("refused " + fault.getFaultInfo().getCode());
            for (Violation each : fault.getFaultInfo().getErrors()) {
                System.out.println("fault " + each.getPointer() + " " + each.getCode() + " " + each.getMessageVi());
            }
        }
    }
}
