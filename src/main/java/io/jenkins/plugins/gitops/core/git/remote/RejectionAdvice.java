package io.jenkins.plugins.gitops.core.git.remote;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Suggests the setting that makes commits comply with the rule that a host rejected a push for. Guesses from the text
 * of the host, so it is only a hint: no decision depends on it.
 */
final class RejectionAdvice {
    /** The first match counts: "Signed-off-by" contains the word "signed". */
    private static final List<Rule> RULES = List.of(
            rule("signed-off-by|\\bsign-?off|\\bDCO\\b", "Turn on the sign-off of commits (Signed-off-by, --sign-off)"),
            rule(
                    "\\b(un)?signed\\b|\\bsignatures?\\b|\\bgpg\\b",
                    "Give commits of this repository a signing key (Signing key, --signing-key) that the host knows"),
            rule(
                    "\\bcommitter|\\bauthors?\\b|\\be-?mail",
                    "Set the committer and author of commits to those that the host expects (Committer, --committer and"
                            + " --author)"),
            rule(
                    "\\bprotected\\b|\\bpull requests?\\b|\\bmerge requests?\\b|\\breview",
                    "Allow the user of these credentials to push to the branch"),
            rule(
                    "\\bcommit message|\\bsubject\\b|\\bticket|\\bissue key|\\bjira\\b|\\bwork item",
                    "Set the subject of commits to what the host expects (Subject and Ticket pattern, --subject and"
                            + " --ticket)"));

    private record Rule(Pattern words, String remedy) {}

    private RejectionAdvice() {}

    private static Rule rule(String words, String remedy) {
        return new Rule(Pattern.compile(words, Pattern.CASE_INSENSITIVE), remedy);
    }

    /** What to do about a rejection, without a full stop. */
    static String of(String words) {
        String nothing = "Nothing was written, and the push is not retried";
        return RULES.stream()
                .filter(rule -> rule.words().matcher(words).find())
                .findFirst()
                .map(rule -> nothing + ". " + rule.remedy())
                .orElse(nothing);
    }
}
