package io.jenkins.plugins.gitops.core.model;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.Assert.assertThrows;

import java.util.List;
import org.junit.Test;

public class AllowedFoldersTest {
    private static boolean allows(String job, String... names) {
        return new AllowedFolders(List.of(names)).allows(job);
    }

    @Test
    public void allowsTheJobsBelow() {
        assertThat(allows("team/payments/api", "team"), is(true));
        assertThat(allows("team/payments/api", "other", "team/payments"), is(true));
        assertThat(allows("team/payments/api", "team/payments/api"), is(true));
        assertThat(allows("team/payments/api", "*"), is(true));
        assertThat(allows("api", "*"), is(true));
    }

    @Test
    public void allowsNoOthers() {
        assertThat(allows("api"), is(false));
        assertThat(allows("team-2/api", "team"), is(false));
        assertThat(allows("team", "team/payments"), is(false));
        assertThat(allows("Team/api", "team"), is(false));
        assertThat(allows("other/team/api", "team"), is(false));
    }

    @Test
    public void rejectsInvalidFolders() throws Exception {
        for (List<String> good : List.of(List.of("*"), List.of("team/Payments and more", "b"), List.of("größe"))) {
            new AllowedFolders(good).check("Repository config");
        }
        refused("Repository config names no folder");
        refused("names * and folders", "*", "team");
        for (String bad : List.of("team-*", "/team", "team/", "team//a", "a\u0000", " a", "a:b", "x".repeat(501))) {
            refused("is not a valid full name of a folder", bad);
        }
    }

    private static void refused(String message, String... names) {
        UserErrorException refused = assertThrows(
                UserErrorException.class, () -> new AllowedFolders(List.of(names)).check("Repository config"));
        assertThat(refused.getMessage(), containsString(message));
    }
}
