package io.jenkins.plugins.gitops.ui;

import io.jenkins.plugins.gitops.config.RepositoryConfiguration;
import io.jenkins.plugins.gitops.status.report.SignedReports;
import io.jenkins.plugins.gitops.testkit.GitServerRule;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.eclipse.jgit.lib.PersonIdent;
import org.junit.rules.TestRule;
import org.junit.runner.Description;
import org.junit.runners.model.Statement;

/** A Git server with empty config repositories, for layouts without gitops.yaml. */
final class ConfigServer implements TestRule {
    private final GitServerRule server = GitServerRule.withoutPassword();

    @Override
    public Statement apply(Statement base, Description description) {
        return server.apply(base, description);
    }

    String url(String name) {
        return server.repository(name).url();
    }

    RepositoryConfiguration configuration(String name) {
        return new RepositoryConfiguration(name, url(name));
    }

    /** Makes Jenkins fetch and read a repository. */
    void refresh(String name) throws Exception {
        SignedReports.refresh(configuration(name));
    }

    /** Commits files; creates the repository if it does not exist. */
    String commit(String name, Map<String, String> files, String author, Instant when, String message)
            throws IOException {
        PersonIdent person = new PersonIdent(author, "someone@example.com", when, ZoneOffset.UTC);
        return server.createIfMissing(name).commit(files, person, message);
    }

    /** Returns the file that sets the image of an application in an environment. */
    static String imageFile(String application, String environment) {
        return path(application, environment) + "/kustomization.yaml";
    }

    static String path(String application, String environment) {
        return "apps/" + application + "/overlays/" + environment;
    }

    static String image(String application, String tag) {
        return "images:\n- name: ghcr.io/myorg/" + application + "\n  newTag: \"" + tag + "\"\n";
    }
}
