package io.jenkins.plugins.gitops.core.model;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import org.junit.Test;

public class ShortRevisionTest {
    @Test
    public void firstDigitsOrAllOfAShorterText() {
        assertThat(ShortRevision.of("0123456789012345678901234567890123456789"), is("01234567"));
        assertThat(ShortRevision.of("01234567"), is("01234567"));
        assertThat(ShortRevision.of("main"), is("main"));
    }

    @Test
    public void keepsAsManyDigitsAsAskedFor() {
        assertThat(ShortRevision.of("0123456789abcdef0123456789abcdef01234567", 12), is("0123456789ab"));
        assertThat(ShortRevision.of("0123456789ab", 12), is("0123456789ab"));
    }
}
