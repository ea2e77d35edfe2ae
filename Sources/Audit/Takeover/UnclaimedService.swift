import Estate
import Names

/// A service whose customers choose a name, so that a name that was given up can be claimed by the next customer.
///
/// Which services these are, and what they say of a name that nobody has, are facts from can-i-take-over-xyz (Ed Overflow and
/// contributors, CC BY 4.0, https://github.com/EdOverflow/can-i-take-over-xyz), those with a known suffix.
struct UnclaimedService: Sendable {
  enum Sign: Sendable, Equatable {
    /// The target does not exist in DNS.
    case noSuchName
    /// The page holds this text.
    case page(String)
  }

  var name: String
  var suffixes: [String]
  var sign: Sign

  /// The service whose customers' names end as this one does.
  static func of(_ target: DomainName) -> UnclaimedService? {
    all.first { service in
      service.suffixes.contains { suffix in (try? DomainName(suffix)).map { target.isBelow($0) } ?? false }
    }
  }

  private init(_ name: String, _ suffixes: [String], _ sign: Sign) {
    (self.name, self.suffixes, self.sign) = (name, suffixes, sign)
  }

  static let all: [UnclaimedService] = [
    UnclaimedService("AWS Elastic Beanstalk", ["elasticbeanstalk.com"], .noSuchName),
    UnclaimedService("AWS S3", ["s3.amazonaws.com"], .page("The specified bucket does not exist")),
    UnclaimedService("Agile CRM", ["agilecrm.com"], .page("Sorry, this page is no longer available.")),
    UnclaimedService("Anima", ["animaapp.io"], .page("The page you were looking for does not exist.")),
    UnclaimedService("Bitbucket", ["bitbucket.io"], .page("Repository not found")),
    UnclaimedService("Discourse", ["trydiscourse.com"], .noSuchName),
    UnclaimedService("Gemfury", ["furyns.com"], .page("404: This page could not be found.")),
    UnclaimedService("Ghost", ["ghost.io"], .page("Failed to resolve DNS path for this host")),
    UnclaimedService("HatenaBlog", ["hatenablog.com"], .page("404 Blog is not found")),
    UnclaimedService("Help Juice", ["helpjuice.com"], .page("We could not find what you're looking for.")),
    UnclaimedService("Help Scout", ["helpscoutdocs.com"], .page("No settings were found for this company:")),
    UnclaimedService("JetBrains YouTrack", ["youtrack.cloud"], .page("is not a registered InCloud YouTrack")),
    UnclaimedService(
      "Microsoft Azure",
      [
        "cloudapp.net", "cloudapp.azure.com", "azurewebsites.net", "blob.core.windows.net", "azure-api.net", "azurehdinsight.net",
        "azureedge.net", "azurecontainer.io", "database.windows.net", "azuredatalakestore.net", "search.windows.net",
        "azurecr.io",
        "redis.cache.windows.net", "servicebus.windows.net", "visualstudio.com",
      ], .noSuchName),
    UnclaimedService("ngrok", ["ngrok.io"], .page(".ngrok.io not found")),
    UnclaimedService(
      "Readme.io", ["readme.io"], .page("The creators of this project are still working on making everything perfect!")),
    UnclaimedService("Strikingly", ["s.strikinglydns.com"], .page("PAGE NOT FOUND.")),
    UnclaimedService("Surge.sh", ["surge.sh"], .page("project not found")),
    UnclaimedService("SurveySparrow", ["surveysparrow.com"], .page("Account not found.")),
    UnclaimedService("Uberflip", ["read.uberflip.com"], .page("The URL you've accessed does not provide a hub.")),
    UnclaimedService("Uptimerobot", ["stats.uptimerobot.com"], .page("page not found")),
    UnclaimedService("WordPress.com", ["wordpress.com"], .page("Do you want to register")),
    UnclaimedService("Worksites", ["worksites.net"], .page("the website you&rsquo;re looking for doesn&rsquo;t exist")),
  ]
}
