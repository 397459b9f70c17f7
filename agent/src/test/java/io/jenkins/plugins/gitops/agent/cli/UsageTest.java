package io.jenkins.plugins.gitops.agent.cli;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.jenkins.plugins.gitops.agent.demo.cli.DemoMain;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;
import picocli.CommandLine;

/** Help and usage errors of every command of both jars, by their command model. */
public class UsageTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /** A command with its path of names. */
    private record NamedCommand(UsageCommand root, List<String> names, CommandLine command) {}

    private static List<NamedCommand> all() {
        List<NamedCommand> all = new ArrayList<>();
        for (UsageCommand root : List.of(new Main(), new DemoMain())) {
            collect(root, List.of(), Main.commandLine(root), all);
        }
        return all;
    }

    private static void collect(UsageCommand root, List<String> names, CommandLine command, List<NamedCommand> into) {
        into.add(new NamedCommand(root, names, command));
        command.getSubcommands().forEach((name, subcommand) -> {
            List<String> longer = new ArrayList<>(names);
            longer.add(name);
            collect(root, longer, subcommand, into);
        });
    }

    @Test
    public void everyCommandHasHelp() {
        List<NamedCommand> all = all();
        assertThat(all.size(), greaterThan(15));
        for (NamedCommand one : all) {
            for (String option : List.of("--help", "-h")) {
                assertThat(one.names().toString(), run(one, option), is(0));
                assertThat(out.toString(), startsWith("Usage: " + name(one)));
                assertThat(out.toString(), containsString("--help"));
                assertThat(err.toString(), is(""));
            }
        }
    }

    @Test
    public void everyOptionAndCommandIsDescribed() {
        for (NamedCommand one : all()) {
            one.command()
                    .getCommandSpec()
                    .args()
                    .forEach(
                            argument -> assertThat(one.names() + " " + argument, argument.description().length, is(1)));
            assertThat(
                    one.names().toString(),
                    one.command().getCommandSpec().usageMessage().description().length,
                    is(1));
        }
    }

    @Test
    public void wrongUsageIsOneLineAndTheUsageLine() {
        for (NamedCommand one : all()) {
            assertThat(one.names().toString(), run(one, "--no-such-option"), is(2));
            assertThat(err.toString(), err.toString().lines().count(), is(2L));
            assertThat(err.toString(), containsString("\nUsage: " + name(one)));
            assertThat(out.toString(), is(""));
        }
    }

    @Test
    public void similarCommandIsSuggested() {
        NamedCommand main = all().get(0);
        assertThat(run(main, "target"), is(2));
        assertThat(err.toString(), containsString("Did you mean targets or "));
        assertThat(err.toString(), not(containsString("\n\n")));
    }

    private static String name(NamedCommand one) {
        return one.command().getCommandSpec().qualifiedName();
    }

    private int run(NamedCommand one, String argument) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        List<String> arguments = new ArrayList<>(one.names());
        arguments.add(argument);
        CommandLine command =
                Main.commandLine(one.root()).setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return Main.execute(command, arguments.toArray(String[]::new));
    }
}
