// Sends events to the gateway: java Send.java FILE…  Needs GATEWAY, CLIENT_ID, CLIENT_SECRET in the environment.
// Status 0: every event has a receipt. 1: some were refused. 2: the gateway could not be asked.
// Needs Java 17 and no library; where you have a JSON library, let it do what `member` and FAULT do here.

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

public final class Send {
    private static final String GATEWAY = System.getenv("GATEWAY");
    private static final Set<Integer> TRY_AGAIN = Set.of(408, 429, 500, 502, 503, 504);
    private static final int ATTEMPTS_MAX = 8;
    private static final Pattern FAULT =
            Pattern.compile("\\{\"pointer\":\"([^\"]*)\",\"code\":\"([^\"]*)\",\"message_vi\":\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern DELIVERY =
            Pattern.compile("\"destination\":\"([^\"]*)\"(?:(?!\"destination\").)*?\"state\":\"([^\"]*)\"", Pattern.DOTALL);

    private final HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

    public static void main(String[] files) throws Exception {
        Send sender = new Send();
        String bearer = "Bearer " + sender.token();
        boolean allAccepted = true;
        for (String file : files) {
            allAccepted &= sender.send(Path.of(file), bearer);
        }
        System.exit(allAccepted ? 0 : 1);
    }

    /** Good for an hour (`expires_in`): keep it, and get a new one after a 401. */
    private String token() throws Exception {
        String form = "grant_type=client_credentials&client_id=" + encoded("CLIENT_ID")
                + "&client_secret=" + encoded("CLIENT_SECRET");
        HttpResponse<String> answer = call(HttpRequest.newBuilder(URI.create(GATEWAY + "/oauth/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form)));
        if (answer.statusCode() != 200) {
            System.err.println("no token: " + member(answer.body(), "detail"));
            System.exit(2);
        }
        return member(answer.body(), "access_token");
    }

    /** Hand in one event; true when it has a receipt. */
    private boolean send(Path file, String bearer) throws Exception {
        // The same key for every attempt at the same event: what was stored is recognised, never stored twice.
        String key = file.getFileName().toString().replaceFirst("\\.json$", "");
        HttpResponse<String> answer = call(HttpRequest.newBuilder(URI.create(GATEWAY + "/api/v1/events"))
                .header("Authorization", bearer)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(HttpRequest.BodyPublishers.ofByteArray(Files.readAllBytes(file))));
        String body = answer.body();
        switch (answer.statusCode()) {
            case 200, 202 -> { // 202: accepted now; 200: accepted before, the same receipt again. Keep it.
                String eventId = member(body, "event_id");
                System.out.println("accepted " + eventId);
                showJourney(eventId, bearer);
                return true;
            }
            case 422 -> { // every fault at once: correct them all, then send again
                for (Matcher fault = FAULT.matcher(body); fault.find(); ) {
                    System.out.println("fault " + fault.group(1) + " " + fault.group(2) + " " + fault.group(3));
                }
            }
            // the number or the entry belongs to other content: a person compares
            case 409 -> System.out.println("conflict " + member(body, "code") + " " + member(body, "detail"));
            default -> System.out.println("refused " + answer.statusCode() + " " + member(body, "code"));
        }
        return false;
    }

    /** What became of it: ask as often as you like, or subscribe to a webhook. */
    private void showJourney(String eventId, String bearer) throws Exception {
        HttpResponse<String> answer = call(HttpRequest.newBuilder(URI.create(GATEWAY + "/api/v1/events/" + eventId))
                .header("Authorization", bearer));
        for (Matcher delivery = DELIVERY.matcher(answer.body()); delivery.find(); ) {
            System.out.println("journey " + eventId + " " + delivery.group(1) + " " + delivery.group(2));
        }
    }

    /** One request; sent again, unchanged, while nobody answers or the gateway asks for time. */
    private HttpResponse<String> call(HttpRequest.Builder request) throws Exception {
        HttpRequest built = request.timeout(Duration.ofSeconds(60)).build();
        for (int attempt = 1; ; attempt++) {
            long wait = Math.min(1L << attempt, 60);
            try {
                HttpResponse<String> answer =
                        client.send(built, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
                if (!TRY_AGAIN.contains(answer.statusCode()) || attempt == ATTEMPTS_MAX) {
                    return answer;
                }
                wait = answer.headers().firstValueAsLong("Retry-After").orElse(wait);
            } catch (IOException nobodyAnswers) {
                if (attempt == ATTEMPTS_MAX) {
                    throw nobodyAnswers;
                }
            }
            Thread.sleep(wait * 1000);
        }
    }

    private static String encoded(String variable) {
        return URLEncoder.encode(System.getenv(variable), StandardCharsets.UTF_8);
    }

    /** A text member of a JSON object. */
    private static String member(String json, String name) {
        Matcher found = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(json);
        return found.find() ? found.group(1) : "";
    }
}
