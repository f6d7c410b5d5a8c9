// Sends events to the gateway: dotnet run -- FILE…  Needs GATEWAY, CLIENT_ID, CLIENT_SECRET in the environment.
// Status 0: every event has a receipt. 1: some were refused. 2: the gateway could not be asked.
// Needs .NET 6 or newer, or Mono, and no package.

using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Runtime.Serialization;
using System.Runtime.Serialization.Json;
using System.Text;
using System.Threading.Tasks;

[DataContract]
public sealed class Fault
{
    [DataMember] public string pointer = "";
    [DataMember] public string code = "";
    [DataMember] public string message_vi = "";
}

[DataContract]
public sealed class Delivery
{
    [DataMember] public string destination = "";
    [DataMember] public string state = "";
}

/// <summary>What of the gateway's answers is read here.</summary>
[DataContract]
public sealed class Answer
{
    [DataMember] public string access_token = "";
    [DataMember] public string event_id = "";
    [DataMember] public string code = "";
    [DataMember] public string detail = "";
    [DataMember] public List<Fault> errors = new List<Fault>();
    [DataMember] public List<Delivery> deliveries = new List<Delivery>();
}

public static class Send
{
    static readonly HashSet<int> TryAgain = new HashSet<int> { 408, 429, 500, 502, 503, 504 };
    const int AttemptsMax = 8;
    static readonly HttpClient Client = new HttpClient { Timeout = TimeSpan.FromSeconds(60) };
    static readonly string Gateway = Environment.GetEnvironmentVariable("GATEWAY") ?? "";

    public static int Main(string[] files)
    {
        Console.OutputEncoding = new UTF8Encoding(false);
        return SendAll(files).GetAwaiter().GetResult();
    }

    static async Task<int> SendAll(string[] files)
    {
        var bearer = new AuthenticationHeaderValue("Bearer", await Token());
        var allAccepted = true;
        foreach (var file in files)
        {
            allAccepted &= await SendFile(file, bearer);
        }
        return allAccepted ? 0 : 1;
    }

    /// <summary>Good for an hour (expires_in): keep it, and get a new one after a 401.</summary>
    static async Task<string> Token()
    {
        var form = new Dictionary<string, string>
        {
            { "grant_type", "client_credentials" },
            { "client_id", Environment.GetEnvironmentVariable("CLIENT_ID") ?? "" },
            { "client_secret", Environment.GetEnvironmentVariable("CLIENT_SECRET") ?? "" },
        };
        var (status, answer) = await Call(
            () => new HttpRequestMessage(HttpMethod.Post, Gateway + "/oauth/token") { Content = new FormUrlEncodedContent(form) });
        if (status != 200)
        {
            Console.Error.WriteLine("no token: " + answer.detail);
            Environment.Exit(2);
        }
        return answer.access_token;
    }

    /// <summary>Hand in one event; true when it has a receipt.</summary>
    static async Task<bool> SendFile(string file, AuthenticationHeaderValue bearer)
    {
        var body = File.ReadAllBytes(file);
        var (status, answer) = await Call(() =>
        {
            var request = new HttpRequestMessage(HttpMethod.Post, Gateway + "/api/v1/events") { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            request.Headers.Authorization = bearer;
            // The same key for every attempt at the same event: what was stored is recognised, never stored twice.
            request.Headers.Add("Idempotency-Key", Path.GetFileNameWithoutExtension(file));
            return request;
        });
        switch (status)
        {
            case 200: // accepted before: the same receipt again
            case 202: // accepted now. Keep the receipt.
                Console.WriteLine("accepted " + answer.event_id);
                await ShowJourney(answer.event_id, bearer);
                return true;
            case 422: // every fault at once: correct them all, then send again
                foreach (var fault in answer.errors)
                {
                    Console.WriteLine("fault " + fault.pointer + " " + fault.code + " " + fault.message_vi);
                }
                return false;
            case 409: // the number or the entry belongs to other content: a person compares
                Console.WriteLine("conflict " + answer.code + " " + answer.detail);
                return false;
            default:
                Console.WriteLine("refused " + status + " " + answer.code + " " + answer.detail);
                return false;
        }
    }

    /// <summary>What became of it: ask as often as you like, or subscribe to a webhook.</summary>
    static async Task ShowJourney(string eventId, AuthenticationHeaderValue bearer)
    {
        var (status, journey) = await Call(() =>
        {
            var request = new HttpRequestMessage(HttpMethod.Get, Gateway + "/api/v1/events/" + eventId);
            request.Headers.Authorization = bearer;
            return request;
        });
        if (status != 200)
        {
            return;
        }
        foreach (var delivery in journey.deliveries)
        {
            Console.WriteLine("journey " + eventId + " " + delivery.destination + " " + delivery.state);
        }
    }

    /// <summary>One request; sent again, unchanged, while nobody answers or the gateway asks for time.</summary>
    static async Task<(int, Answer)> Call(Func<HttpRequestMessage> build)
    {
        for (var attempt = 1; ; attempt++)
        {
            var wait = TimeSpan.FromSeconds(Math.Min(Math.Pow(2, attempt), 60));
            try
            {
                using (var answer = await Client.SendAsync(build()))
                {
                    var status = (int)answer.StatusCode;
                    if (!TryAgain.Contains(status) || attempt == AttemptsMax)
                    {
                        var content = await answer.Content.ReadAsStreamAsync();
                        return (status, (Answer)new DataContractJsonSerializer(typeof(Answer)).ReadObject(content));
                    }
                    wait = answer.Headers.RetryAfter?.Delta ?? wait;
                }
            }
            catch (HttpRequestException) when (attempt < AttemptsMax)
            {
                // Nobody answered: whether it was stored is unknown, and sending the same again is safe.
            }
            await Task.Delay(wait);
        }
    }
}
