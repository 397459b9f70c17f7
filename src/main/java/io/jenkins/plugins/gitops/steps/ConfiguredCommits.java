package io.jenkins.plugins.gitops.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.ExtensionList;
import hudson.Util;
import hudson.model.Run;
import hudson.model.User;
import io.jenkins.plugins.gitops.config.CommitConfiguration;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.change.ChangeMetadata;
import io.jenkins.plugins.gitops.core.git.Author;
import io.jenkins.plugins.gitops.core.git.Change;
import io.jenkins.plugins.gitops.core.git.ChangePlanner;
import io.jenkins.plugins.gitops.core.git.CommitSettings;
import io.jenkins.plugins.gitops.core.git.SubjectTemplate;
import io.jenkins.plugins.gitops.core.git.TicketPattern;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.promotion.CommitUsers;
import io.jenkins.plugins.gitops.promotion.UserMailAddress;
import io.jenkins.plugins.gitops.repository.SigningCredentials;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;
import jenkins.scm.api.SCMHead;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Creates changes whose commits follow the configuration of their repository. */
@Restricted(NoExternalUse.class)
public final class ConfiguredCommits {
    private final CommitConfiguration commits;

    /** @param repository to be changed */
    public ConfiguredCommits(RepositoryConfiguration repository) {
        CommitConfiguration configured = repository.getCommits();
        this.commits = configured == null ? new CommitConfiguration() : configured;
    }

    /**
     * Creates the change to submit.
     *
     * @param fullName of the user who requests it
     * @param branch that is built; null when there is none
     * @param log receives one line when a ticket is required and none is found
     * @throws UserErrorException when commits must be signed and the key cannot be used
     */
    public Change change(
            ChangeMetadata changeMetadata,
            String fullName,
            @CheckForNull String branch,
            ChangePlanner planner,
            Consumer<String> log)
            throws UserErrorException {
        CommitSettings settings = new CommitSettings(
                identity(commits.getCommitter()),
                subject(changeMetadata.reason(), branch, log),
                commits.isSignOff(),
                SigningCredentials.signer(commits));
        return new Change(
                changeMetadata.operationId(), author(changeMetadata.requestedBy(), fullName), planner, settings);
    }

    /** The branch that a run builds; null when its job is not part of a multibranch project. */
    @CheckForNull
    static String branch(Run<?, ?> run) {
        SCMHead head = SCMHead.HeadByItem.findHead(run.getParent());
        return head == null ? null : head.getName();
    }

    private SubjectTemplate subject(@CheckForNull String reason, @CheckForNull String branch, Consumer<String> log)
            throws UserErrorException {
        SubjectTemplate template = commits.subjectTemplate();
        if (!template.needsTicket()) {
            return template;
        }
        String pattern = Objects.requireNonNullElse(commits.getTicketPattern(), TicketPattern.DEFAULT);
        String ticket =
                TicketPattern.of(pattern).find(Arrays.asList(reason, branch)).orElse(commits.getDefaultTicket());
        if (ticket == null) {
            log.accept(Messages.ConfiguredCommits_NoTicket(pattern));
        }
        return template.withTicket(ticket);
    }

    /**
     * The configured author, or else the user, with the first known mail address that may be shown. The administrator's
     * address is never used: that person would count as the author of every change and could never approve.
     */
    private Author author(String id, String fullName) {
        Author configured = identity(commits.getAuthor());
        Author committer = identity(commits.getCommitter());
        if (configured != null) {
            return configured;
        }
        if (committer != null && !CommitUsers.isPerson(id)) {
            return committer;
        }
        String mail = commits.isUserEmail() ? mailOf(id) : null;
        if (mail == null && committer != null) {
            mail = committer.email();
        }
        return mail == null ? Author.ofUser(id, fullName) : new Author(fullName, mail);
    }

    @CheckForNull
    private static Author identity(@CheckForNull String text) {
        return text == null ? null : Author.parse(text);
    }

    @CheckForNull
    private static String mailOf(String id) {
        User user = CommitUsers.isPerson(id) ? User.getById(id, false) : null;
        if (user == null) {
            return null;
        }
        for (UserMailAddress known : ExtensionList.lookup(UserMailAddress.class)) {
            String mail = Util.fixEmptyAndTrim(known.of(user));
            if (mail != null) {
                return mail;
            }
        }
        return null;
    }
}
