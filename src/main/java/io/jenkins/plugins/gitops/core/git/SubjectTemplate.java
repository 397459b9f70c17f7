package io.jenkins.plugins.gitops.core.git;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The format of the first line of a commit message.
 *
 * @param template text with placeholders {@code {summary} {app} {env} {image} {reason} {ticket}}; a placeholder without
 *     a value is removed together with the surrounding punctuation
 * @param suffix appended to every subject, for example {@code [skip ci]}; may be empty
 * @param ticket null when there is none
 */
public record SubjectTemplate(
        String template, String suffix, @CheckForNull String ticket) {
    /** The default subject, without additions. */
    public static final SubjectTemplate DEFAULT = new SubjectTemplate("{summary}", "", null);

    private static final String TICKET = "ticket";
    private static final Set<String> NAMES = Set.of("summary", "app", "env", "image", "reason", TICKET);
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");
    private static final Pattern EMPTY_BRACKETS = Pattern.compile("\\(\\s*\\)|\\[\\s*]");
    private static final Pattern SPACES = Pattern.compile(" {2,}");
    /** Separators that remain at the start or the end if a value is missing. */
    private static final Pattern LEADING = Pattern.compile("^[\\s:,;|/–-]+");

    private static final Pattern TRAILING = Pattern.compile("[\\s:,;|/–-]+$");
    private static final int MAX_TEMPLATE_LENGTH = 200;
    private static final int MAX_SUFFIX_LENGTH = 50;
    private static final int MAX_VALUE_LENGTH = 200;
    /** Hosts with a limit for the subject allow more than this. */
    private static final int MAX_SUBJECT_LENGTH = 250;

    private static final String ARROW = "-> ";

    /**
     * @param setting name of the setting that contains the template, for messages
     * @throws UserErrorException when the template has an unknown placeholder, or template or suffix are not one short
     *     line
     */
    public static void check(String setting, String template, String suffix) throws UserErrorException {
        requireLine(setting, template, MAX_TEMPLATE_LENGTH);
        requireLine(setting + " (suffix)", suffix, MAX_SUFFIX_LENGTH);
        Matcher placeholders = PLACEHOLDER.matcher(template);
        while (placeholders.find()) {
            if (!NAMES.contains(placeholders.group(1))) {
                throw new UserErrorException(
                        setting + " has an unknown placeholder {" + placeholders.group(1) + "}",
                        "Use {summary}, {app}, {env}, {image}, {reason} or {ticket}");
            }
        }
    }

    private static void requireLine(String setting, String text, int most) throws UserErrorException {
        if (text.length() > most || !TextSanitizer.isClean(text)) {
            throw new UserErrorException(
                    setting + " is not one line of at most " + most + " characters",
                    "Remove line breaks and control characters, and shorten it");
        }
    }

    /** Whether the template contains a ticket. */
    public boolean needsTicket() {
        return template.contains("{" + TICKET + "}");
    }

    /** A copy with a ticket. */
    public SubjectTemplate withTicket(@CheckForNull String found) {
        return new SubjectTemplate(template, suffix, found);
    }

    /** The subject of a plan's commit; never empty. */
    String subject(ChangePlan plan) {
        if (suffix.isEmpty() && template.equals(DEFAULT.template)) {
            return plan.subject();
        }
        String subject = tidy(PLACEHOLDER
                .matcher(template)
                .replaceAll(match -> Matcher.quoteReplacement(value(match.group(1), plan))));
        String line = cut(subject.isEmpty() ? plan.subject() : subject, MAX_SUBJECT_LENGTH - suffix.length());
        return suffix.isEmpty() ? line : line + " " + suffix;
    }

    private String value(String name, ChangePlan plan) {
        Trailers trailers = plan.trailers();
        String target = trailers.first(Trailers.TARGET).orElse("");
        int slash = target.indexOf('/');
        String value =
                switch (name) {
                    case "summary" -> plan.subject();
                    case "app" -> slash < 0 ? target : target.substring(0, slash);
                    case "env" -> slash < 0 ? "" : target.substring(slash + 1);
                    case "image" -> images(trailers.all(Trailers.IMAGE));
                    case "reason" -> trailers.first(Trailers.REASON).orElse("");
                    case TICKET -> ticket == null ? "" : ticket;
                    default -> "";
                };
        return cut(TextSanitizer.line(value, TextSanitizer.MAX_LENGTH), MAX_VALUE_LENGTH);
    }

    private static String images(List<String> changes) {
        return changes.stream()
                .map(change -> change.substring(change.indexOf(ARROW) < 0 ? 0 : change.indexOf(ARROW) + ARROW.length()))
                .collect(Collectors.joining(", "));
    }

    /** Removes spaces and brackets that remain where a value is missing. */
    private static String tidy(String text) {
        String filled =
                SPACES.matcher(EMPTY_BRACKETS.matcher(text).replaceAll("")).replaceAll(" ");
        return TRAILING.matcher(LEADING.matcher(filled).replaceFirst("")).replaceFirst("");
    }

    private static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(most - 4)) ? most - 4 : most - 3;
        return text.substring(0, end).stripTrailing() + "...";
    }
}
