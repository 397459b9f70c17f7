package io.jenkins.plugins.gitops.steps;

import hudson.console.HyperlinkNote;
import io.jenkins.plugins.gitops.ui.GitopsRootAction;
import io.jenkins.plugins.gitops.ui.TargetPage;

/** Where the history of a target is shown, to those who may see it. */
final class TargetLink {
    private TargetLink() {}

    /** Relative to the root of Jenkins, encoded, without a slash in front. */
    static String url(String repository, String application, String environment) {
        return GitopsRootAction.URL + "/" + TargetPage.url(repository, application, environment);
    }

    /** For the log: the target's name, which leads to its page. Contains what only {@code println} may see. */
    static String inLog(String repository, String application, String environment) {
        // A name comes from Git, so nothing of it may begin another line.
        String name = GitopsStepExecution.oneLine(application + "/" + environment);
        return HyperlinkNote.encodeTo("/" + url(repository, application, environment), name);
    }
}
