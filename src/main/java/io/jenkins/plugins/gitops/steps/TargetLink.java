package io.jenkins.plugins.gitops.steps;

import hudson.console.HyperlinkNote;
import io.jenkins.plugins.gitops.config.GitopsUrls;

/** Links a target in the log of a build to its page. */
final class TargetLink {
    private TargetLink() {}

    /** For the log: the target's name, which leads to its page. Contains what only {@code println} may see. */
    static String inLog(String repository, String application, String environment) {
        // A name comes from Git, so nothing of it may begin another line.
        String name = GitopsStepExecution.oneLine(application + "/" + environment);
        return HyperlinkNote.encodeTo("/" + GitopsUrls.target(repository, application, environment), name);
    }
}
