package io.jenkins.plugins.gitops.ui;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.Util;
import hudson.util.FormValidation;
import io.jenkins.plugins.gitops.config.GitopsUrls;
import io.jenkins.plugins.gitops.config.RepositoryCheck;
import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.core.delivery.PolicyCheck;
import io.jenkins.plugins.gitops.core.delivery.TargetSurvey;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.repository.ConfigRepositories;
import io.jenkins.plugins.gitops.repository.RepositoryBranches;
import io.jenkins.plugins.gitops.repository.RepositoryFetcher;
import java.util.Optional;
import java.util.stream.Collectors;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.Stapler;

/** The checks of config repositories, for the form and the pages, at the last fetched revision. */
@Extension
@Restricted(NoExternalUse.class)
public final class RepositoryChecks extends RepositoryCheck {
    private static final int MAX_CACHED = 5;
    /** Maximum number of errors that the form shows; the page shows all. */
    private static final int MAX_ERRORS = 5;

    private final CloneReadings<String, PolicyCheck> readings = new CloneReadings<>(MAX_CACHED);

    static RepositoryChecks get() {
        return ExtensionList.lookupSingleton(RepositoryChecks.class);
    }

    /**
     * The check at the last fetched tip.
     *
     * @return empty while it is being read
     * @throws UserErrorException when the clone has not been read yet, or cannot be read
     */
    Optional<PolicyCheck> of(RepositoryConfiguration repository) throws UserErrorException {
        String tip = CloneReadings.tip(repository);
        return readings.get(
                repository,
                tips(repository),
                clone -> PolicyCheck.of(clone.files(tip), RepositoryBranches.files(repository)),
                Messages.RepositoryCheckPage_unreadable());
    }

    /** The newest known tips of all branches, and why one could not be fetched: what the result depends on. */
    private static String tips(RepositoryConfiguration repository) throws UserErrorException {
        StringBuilder tips = new StringBuilder();
        for (RepositoryConfiguration branch : RepositoryBranches.all(repository)) {
            tips.append(ConfigRepositories.get().open(branch).tip().orElse(""))
                    .append(' ')
                    .append(RepositoryFetcher.get().problem(branch))
                    .append('\n');
        }
        return tips.toString();
    }

    @Override
    public FormValidation check(RepositoryConfiguration repository) {
        try {
            return of(repository)
                    .map(check -> result(repository, check))
                    .orElseGet(() -> FormValidation.warning(Messages.RepositoryCheckPage_reading()));
        } catch (UserErrorException e) {
            return FormValidation.error(e.getMessage());
        }
    }

    private static FormValidation result(RepositoryConfiguration repository, PolicyCheck check) {
        String link = "<a href=\""
                + Util.escape(
                        Stapler.getCurrentRequest2().getContextPath() + "/" + GitopsUrls.check(repository.getName()))
                + "\">"
                + Util.escape(Messages.RepositoryCheckPage_details()) + "</a>";
        TargetSurvey survey = check.survey();
        if (survey == null) {
            String errors =
                    check.errors().stream().limit(MAX_ERRORS).map(Util::escape).collect(Collectors.joining("<br>"));
            return FormValidation.errorWithMarkup(errors + "<br>" + link);
        }
        String found = Messages.RepositoryCheckPage_found(
                survey.targets().size(), check.warnings().size());
        String html = Util.escape(found) + " " + link;
        return check.warnings().isEmpty() && !survey.targets().isEmpty()
                ? FormValidation.okWithMarkup(html)
                : FormValidation.warningWithMarkup(html);
    }
}
