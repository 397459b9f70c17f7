package io.jenkins.plugins.gitops.ui;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import org.junit.Test;

public class DashboardQueryTest {
    @Test
    public void urlContainsOnlyNonDefaults() {
        assertThat(new DashboardQuery(null, "", false, 1).toUrl(), is("?page=1"));
        assertThat(
                new DashboardQuery("platform", "pay", true, 2).toUrl(),
                is("?page=2&repository=platform&filter=pay&attention=true"));
    }

    @Test
    public void valuesAreEncoded() {
        assertThat(
                new DashboardQuery("a&b", "\"'><img src=x>", false, 1).toUrl(),
                is("?page=1&repository=a%26b&filter=%22%27%3E%3Cimg+src%3Dx%3E"));
    }

    @Test
    public void anotherPageKeepsTheFilterAnotherRepositoryDoesNot() {
        DashboardQuery query = new DashboardQuery("platform", "pay", true, 2);
        assertThat(query.at(3), is(new DashboardQuery("platform", "pay", true, 3)));
        assertThat(DashboardQuery.start("shop"), is(new DashboardQuery("shop", "", false, 1)));
    }
}
