package io.jenkins.plugins.gitops.core.git.remote;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import java.util.List;
import java.util.Map;
import org.junit.Test;

/** Messages of hosts and common hooks, and the setting that complies with each. */
public class RejectionAdviceTest {
    @Test
    public void ruleOfTheHostIsRecognized() {
        Map.ofEntries(
                        Map.entry("Signed-off-by is missing, see CONTRIBUTING", "--sign-off"),
                        Map.entry("DCO check failed", "--sign-off"),
                        Map.entry("GH006: Commits must have verified signatures.", "--signing-key"),
                        Map.entry("GitLab: Commit must be signed with a GPG key", "--signing-key"),
                        Map.entry("Committer must be ci-bot@acme.example, who pushes", "--committer"),
                        Map.entry(
                                "GitLab: Author 'x@jenkins.invalid' is not a member of team",
                                "--committer and --author"),
                        Map.entry(
                                "GitLab: You cannot push commits for 'x@y'. You can only push commits if the committer"
                                        + " email is one of your own verified emails.",
                                "--committer"),
                        Map.entry("Commit message must begin with a ticket, like OPS-12: ...", "--ticket"),
                        Map.entry("GitLab: Commit message does not follow the pattern '^[A-Z]+-'", "--subject"),
                        Map.entry("TF402455: Pushes need a work item", "--ticket"),
                        Map.entry(
                                "main is protected: changes must be made through a pull request",
                                "Allow the user of these credentials to push to the branch"))
                .forEach((words, setting) -> assertThat(words, RejectionAdvice.of(words), containsString(setting)));
        for (String words : List.of(
                "pre-receive hook declined",
                "You are not authorized",
                "It is assigned to others",
                "An issue occurred")) {
            assertThat(words, RejectionAdvice.of(words), is("Nothing was written, and the push is not retried"));
        }
    }
}
