package io.jenkins.plugins.gitops.ui;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import org.junit.Test;

public class QueryTest {
    @Test
    public void urlHoldsWhatIsNotTheDefault() {
        assertThat(new Query(null, "", false, 1).toUrl(), is("?page=1"));
        assertThat(
                new Query("platform", "pay", true, 2).toUrl(),
                is("?page=2&repository=platform&filter=pay&attention=true"));
    }

    @Test
    public void valuesAreEncoded() {
        assertThat(
                new Query("a&b", "\"'><img src=x>", false, 1).toUrl(),
                is("?page=1&repository=a%26b&filter=%22%27%3E%3Cimg+src%3Dx%3E"));
    }

    @Test
    public void anotherPageKeepsTheFilterAnotherRepositoryDoesNot() {
        Query query = new Query("platform", "pay", true, 2);
        assertThat(query.at(3), is(new Query("platform", "pay", true, 3)));
        assertThat(Query.start("shop"), is(new Query("shop", "", false, 1)));
    }
}
