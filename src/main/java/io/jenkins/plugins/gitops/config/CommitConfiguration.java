package io.jenkins.plugins.gitops.config;

import com.cloudbees.jenkins.plugins.sshcredentials.SSHUserPrivateKey;
import com.cloudbees.plugins.credentials.CredentialsMatcher;
import com.cloudbees.plugins.credentials.CredentialsMatchers;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.AbstractDescribableImpl;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.gitops.core.git.Author;
import io.jenkins.plugins.gitops.core.git.SubjectTemplate;
import io.jenkins.plugins.gitops.core.git.TicketPattern;
import io.jenkins.plugins.gitops.core.model.TextSanitizer;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import java.util.List;
import org.jenkinsci.plugins.plaincredentials.FileCredentials;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** How commits to a config repository are made. Refers to secrets by credentials id, and never contains them. */
@Restricted(NoExternalUse.class)
public final class CommitConfiguration extends AbstractDescribableImpl<CommitConfiguration> {
    private static final int MAX_TICKET_LENGTH = 50;

    private String committer;
    private String author;
    private boolean userEmail;
    private String subject;
    private String subjectSuffix;
    private String ticketPattern;
    private String defaultTicket;
    private boolean signOff;
    private String signingCredentialsId;
    private String passphraseCredentialsId;

    @DataBoundConstructor
    public CommitConfiguration() {}

    /** {@code Name <mail>}; null to use the author. */
    @CheckForNull
    public String getCommitter() {
        return committer;
    }

    @DataBoundSetter
    public void setCommitter(@CheckForNull String committer) {
        this.committer = Util.fixEmptyAndTrim(committer);
    }

    /** {@code Name <mail>}; null to use the user who requested the change. */
    @CheckForNull
    public String getAuthor() {
        return author;
    }

    @DataBoundSetter
    public void setAuthor(@CheckForNull String author) {
        this.author = Util.fixEmptyAndTrim(author);
    }

    /** Whether commits contain the user's mail address from Jenkins. */
    public boolean isUserEmail() {
        return userEmail;
    }

    @DataBoundSetter
    public void setUserEmail(boolean userEmail) {
        this.userEmail = userEmail;
    }

    /** A {@link SubjectTemplate}; null for the default subject. */
    @CheckForNull
    public String getSubject() {
        return subject;
    }

    @DataBoundSetter
    public void setSubject(@CheckForNull String subject) {
        this.subject = Util.fixEmptyAndTrim(subject);
    }

    /** Null for none. */
    @CheckForNull
    public String getSubjectSuffix() {
        return subjectSuffix;
    }

    @DataBoundSetter
    public void setSubjectSuffix(@CheckForNull String subjectSuffix) {
        this.subjectSuffix = Util.fixEmptyAndTrim(subjectSuffix);
    }

    /** Null for {@link TicketPattern#DEFAULT}. */
    @CheckForNull
    public String getTicketPattern() {
        return ticketPattern;
    }

    @DataBoundSetter
    public void setTicketPattern(@CheckForNull String ticketPattern) {
        String trimmed = Util.fixEmptyAndTrim(ticketPattern);
        this.ticketPattern = TicketPattern.DEFAULT.equals(trimmed) ? null : trimmed;
    }

    /** The ticket to use if none is found; null for none. */
    @CheckForNull
    public String getDefaultTicket() {
        return defaultTicket;
    }

    @DataBoundSetter
    public void setDefaultTicket(@CheckForNull String defaultTicket) {
        this.defaultTicket = Util.fixEmptyAndTrim(defaultTicket);
    }

    /** Whether commits have a {@code Signed-off-by} trailer of the committer. */
    public boolean isSignOff() {
        return signOff;
    }

    @DataBoundSetter
    public void setSignOff(boolean signOff) {
        this.signOff = signOff;
    }

    /**
     * Id of an SSH key, or of a file or text with an OpenPGP key, in the system credentials; null if commits are not
     * signed.
     */
    @CheckForNull
    public String getSigningCredentialsId() {
        return signingCredentialsId;
    }

    @DataBoundSetter
    public void setSigningCredentialsId(@CheckForNull String signingCredentialsId) {
        this.signingCredentialsId = Util.fixEmptyAndTrim(signingCredentialsId);
    }

    /** Id of a secret text with the passphrase of the OpenPGP key; null if it has none. */
    @CheckForNull
    public String getPassphraseCredentialsId() {
        return passphraseCredentialsId;
    }

    @DataBoundSetter
    public void setPassphraseCredentialsId(@CheckForNull String passphraseCredentialsId) {
        this.passphraseCredentialsId = Util.fixEmptyAndTrim(passphraseCredentialsId);
    }

    /** The template as configured, without a ticket. */
    public SubjectTemplate subjectTemplate() {
        return new SubjectTemplate(
                subject == null ? SubjectTemplate.DEFAULT.template() : subject, Util.fixNull(subjectSuffix), null);
    }

    /** @throws UserErrorException when a value is not allowed */
    void check() throws UserErrorException {
        checkIdentity("committer", committer);
        checkIdentity("author", author);
        SubjectTemplate template = subjectTemplate();
        SubjectTemplate.check("The subject of commits", template.template(), template.suffix());
        TicketPattern.of(ticketPattern == null ? TicketPattern.DEFAULT : ticketPattern);
        checkTicket(defaultTicket);
    }

    private static void checkIdentity(String what, @CheckForNull String text) throws UserErrorException {
        Author parsed = text == null ? null : Author.parse(text);
        if (parsed != null && (parsed.name().isEmpty() || parsed.email().isEmpty() || !TextSanitizer.isClean(text))) {
            throw new UserErrorException(
                    "The " + what + " of commits is not an identity",
                    "Give it as NAME <MAIL>, for example CI <ci@example.com>");
        }
    }

    private static void checkTicket(@CheckForNull String ticket) throws UserErrorException {
        if (ticket != null && (ticket.length() > MAX_TICKET_LENGTH || !TextSanitizer.isClean(ticket))) {
            throw new UserErrorException(
                    "The default ticket is not one line of at most " + MAX_TICKET_LENGTH + " characters", "Shorten it");
        }
    }

    @Extension
    public static final class DescriptorImpl extends Descriptor<CommitConfiguration> {
        private static final CredentialsMatcher KEYS = CredentialsMatchers.anyOf(
                CredentialsMatchers.instanceOf(SSHUserPrivateKey.class),
                CredentialsMatchers.instanceOf(FileCredentials.class),
                CredentialsMatchers.instanceOf(StringCredentials.class));
        private static final CredentialsMatcher TEXTS = CredentialsMatchers.instanceOf(StringCredentials.class);

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.CommitConfiguration_displayName();
        }

        /** Used by config.jelly. */
        public String getDefaultSubject() {
            return SubjectTemplate.DEFAULT.template();
        }

        /** Used by config.jelly. */
        public String getDefaultTicketPattern() {
            return TicketPattern.DEFAULT;
        }

        @POST
        public FormValidation doCheckCommitter(@QueryParameter String value) {
            return FormChecks.run(() -> checkIdentity("committer", Util.fixEmptyAndTrim(value)));
        }

        @POST
        public FormValidation doCheckAuthor(@QueryParameter String value) {
            return FormChecks.run(() -> checkIdentity("author", Util.fixEmptyAndTrim(value)));
        }

        @POST
        public FormValidation doCheckSubject(@QueryParameter String value) {
            return FormChecks.run(() -> SubjectTemplate.check(
                    "The subject of commits", Util.fixNull(value).trim(), ""));
        }

        @POST
        public FormValidation doCheckSubjectSuffix(@QueryParameter String value) {
            return FormChecks.run(() -> SubjectTemplate.check(
                    "The subject of commits", "", Util.fixNull(value).trim()));
        }

        @POST
        public FormValidation doCheckTicketPattern(@QueryParameter String value) {
            return FormChecks.run(() -> TicketPattern.of(Util.fixNull(value).trim()));
        }

        @POST
        public FormValidation doCheckDefaultTicket(@QueryParameter String value) {
            return FormChecks.run(() -> checkTicket(Util.fixEmptyAndTrim(value)));
        }

        @POST
        public ListBoxModel doFillSigningCredentialsIdItems(@QueryParameter String signingCredentialsId) {
            return CredentialItems.of(signingCredentialsId, List.of(), KEYS);
        }

        @POST
        public ListBoxModel doFillPassphraseCredentialsIdItems(@QueryParameter String passphraseCredentialsId) {
            return CredentialItems.of(passphraseCredentialsId, List.of(), TEXTS);
        }
    }
}
