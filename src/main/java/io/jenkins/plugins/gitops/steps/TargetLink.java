package io.jenkins.plugins.gitops.steps;

import hudson.console.HyperlinkNote;
import io.jenkins.plugins.gitops.config.GitopsUrls;

/** Links a target in the log of a build to its page. */
final class TargetLink {
    private TargetLink() {}

    /**
     * The target's name as a link to its page, for the build's log. Contains console notes, so use it with
     * {@code println} only.
     */
    static String inLog(String repository, String application, String environment) {
        // The name comes from Git, so it must not contain line breaks.
        String name = GitopsStepExecution.oneLine(application + "/" + environment);
        return HyperlinkNote.encodeTo("/" + GitopsUrls.target(repository, application, environment), name);
    }
}
