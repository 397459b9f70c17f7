package io.jenkins.plugins.gitops.agent.cli;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.gitops.core.git.Author;
import io.jenkins.plugins.gitops.core.git.CommitSettings;
import io.jenkins.plugins.gitops.core.git.SubjectTemplate;
import io.jenkins.plugins.gitops.core.git.TicketPattern;
import io.jenkins.plugins.gitops.core.git.signing.CommitSigner;
import io.jenkins.plugins.gitops.core.git.signing.OpenPgpCommitSigner;
import io.jenkins.plugins.gitops.core.git.signing.SshCommitSigner;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** The settings for the commits of a command: from its options, otherwise from Git's own configuration. */
final class CommitOptionsMixin {
    private static final String USUAL_SUBJECT = "{summary}";

    @CheckForNull
    @Option(
            names = "--author",
            paramLabel = "IDENTITY",
            description = "The author, as \"NAME <MAIL>\". By default as Git finds it: GIT_AUTHOR_NAME, user.name, ...")
    private String author;

    @CheckForNull
    @Option(
            names = "--committer",
            paramLabel = "IDENTITY",
            description = "The committer, as \"NAME <MAIL>\". By default as Git finds it, or the author.")
    private String committer;

    @Option(
            names = "--subject",
            paramLabel = "TEMPLATE",
            defaultValue = USUAL_SUBJECT,
            description =
                    "The subject, with {summary}, {app}, {env}, {image}, {reason} and {ticket}. By default {summary}.")
    private String subject;

    @Option(
            names = "--subject-suffix",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "Appended to the subject, for example [skip ci].")
    private String suffix;

    @CheckForNull
    @Option(
            names = "--ticket",
            paramLabel = "TICKET",
            description = "The ticket. By default what --ticket-pattern finds in the reason.")
    private String ticket;

    @Option(
            names = "--ticket-pattern",
            paramLabel = "REGEX",
            defaultValue = TicketPattern.DEFAULT,
            description = "What a ticket looks like, in the syntax of RE2. By default " + TicketPattern.DEFAULT + ".")
    private String ticketPattern;

    @Option(names = "--sign-off", description = "Adds a Signed-off-by line of the committer.")
    private boolean signOff;

    @CheckForNull
    @Option(
            names = "--signing-key",
            paramLabel = "FILE",
            description = "Signs commits with this key: a private SSH key, or an exported OpenPGP key. By default as"
                    + " commit.gpgSign, gpg.format and user.signingKey of Git say.")
    private Path signingKey;

    @CheckForNull
    @Option(
            names = "--signing-passphrase-file",
            paramLabel = "FILE",
            description = "A file with the passphrase of the signing key on its first line.")
    private Path passphraseFile;

    @Option(names = "--no-sign", description = "Does not sign commits, whatever Git's configuration says.")
    private boolean noSign;

    /** Whether an option was given that affects only commits. */
    boolean isGiven() {
        return author != null
                || committer != null
                || signOff
                || signingKey != null
                || ticket != null
                || !subject.equals(USUAL_SUBJECT)
                || !suffix.isEmpty();
    }

    /** @throws UserErrorException if the option is not an identity */
    Author author(GitUserConfig config) throws UserErrorException {
        if (author != null) {
            return identity("--author", author);
        }
        Author found = config.identity("author");
        String user = System.getProperty("user.name", "unknown");
        return found == null ? new Author(user, user + "@localhost") : found;
    }

    /**
     * The settings of the commit.
     *
     * @param reason the text to search for a ticket
     * @param progress receives one line if a ticket is expected and not found
     * @throws UserErrorException if an option or Git's configuration cannot be used
     */
    CommitSettings settings(GitUserConfig config, Author author, @CheckForNull String reason, Consumer<String> progress)
            throws UserErrorException {
        SubjectTemplate.check("--subject", subject, suffix);
        SubjectTemplate template = new SubjectTemplate(subject, suffix, ticket);
        if (ticket == null && template.needsTicket()) {
            template = template.withTicket(
                    TicketPattern.of(ticketPattern).find(Arrays.asList(reason)).orElse(null));
            if (template.ticket() == null) {
                progress.accept("No ticket that matches " + ticketPattern + " was found in the reason; the subject of"
                        + " the commit has none. Give it with --ticket.");
            }
        }
        Author committing = committer == null ? config.identity("committer") : identity("--committer", committer);
        return new CommitSettings(
                committing, template, signOff, signer(config, committing == null ? author : committing));
    }

    @CheckForNull
    private CommitSigner signer(GitUserConfig config, Author committing) throws UserErrorException {
        if (noSign) {
            return null;
        }
        if (signingKey == null) {
            return config.signsCommits() ? ProgramCommitSigner.of(config, committing) : null;
        }
        String key = read(signingKey);
        String passphrase = passphraseFile == null
                ? null
                : read(passphraseFile).lines().findFirst().orElse("");
        String name = "the key " + signingKey;
        return OpenPgpCommitSigner.isKey(key)
                ? OpenPgpCommitSigner.of(key, passphrase, name)
                : SshCommitSigner.of(key, passphrase, name);
    }

    private static String read(Path file) throws UserErrorException {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UserErrorException(file + " cannot be read", "Name a file that can be read").causedBy(e);
        }
    }

    private static Author identity(String option, String text) throws UserErrorException {
        Author parsed = Author.parse(text);
        if (parsed.name().isEmpty() || parsed.email().isEmpty()) {
            throw new UserErrorException(
                    option + " is not an identity", "Give it as \"NAME <MAIL>\", for example \"CI <ci@example.com>\"");
        }
        return parsed;
    }
}
