package io.jenkins.plugins.gitops.core.model;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.nio.charset.StandardCharsets;
import org.junit.Test;

public class Sha256Test {
    /** The examples of FIPS 180-2. */
    @Test
    public void digestsMatchTheStandardsVectors() {
        assertThat(Sha256.hex("abc"), is("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
        assertThat(Sha256.hex(new byte[0]), is("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
        assertThat(Sha256.hex("ä"), is(Sha256.hex("ä".getBytes(StandardCharsets.UTF_8))));
    }
}
