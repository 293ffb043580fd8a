import { Command } from 'commander';
import { addProposalCommands } from './proposal/commands';
import { addAuditCommands } from './audit/commands';
import { addCapabilityCommands } from './capability/commands';
import { addChaosCommands } from './chaos/commands';
import { addConnectorCommands } from './connector/commands';
import { addDegradedCommands } from './degraded/commands';
import { addDelegationCommands } from './delegation/commands';
import { addDrillCommands } from './drill/commands';
import { addExemptionCommands } from './exemption/commands';
import { addGameDayCommand } from './gameday/commands';
import { addLoginCommands } from './login/commands';
import { addPolicyCommands } from './policy/commands';
import { addPostureCommand } from './posture/commands';
import { addSessionCommands } from './session/commands';
import { addStaffCommands } from './staff/commands';
import { EXIT_CODES_HELP } from './exit-codes';
import type { Machine } from './machine';

const ENVIRONMENT_HELP = `Environment:
  MUSTER_ID_TOKEN        an ID token to use instead of a login
  MUSTER_PROJECT         the project (GCLOUD_PROJECT is taken too)
  MUSTER_REGION          the region (us-central1 if not set)
  MUSTER_FUNCTIONS_URL   where the functions are, if not where the project says
  MUSTER_DOOR            named: call each function by its name, not all at the address of api
  MUSTER_APP_CHECK_TOKEN an App Check token, where the project asks for one
  MUSTER_PORT_BASE       the emulator suite with its ports moved to this base
  MUSTER_PASSWORD        the password for login
  MUSTER_API_KEY         the web API key for login to a real project
  CHAOS_MODE             "true" lets chaos and gameday run experiments, on staging alone
  MUSTER_DEBUG           the cause of an unexpected failure, with its stack
  NO_COLOR               no color`;

/** Every command. A command group a file; this one only binds. */
export const buildProgram = (machine: Machine): Command => {
  const program = new Command('muster')
    .description('Rehearse security incidents, stop dangerous automation, and prove afterwards what happened.')
    .version('0.2.0')
    .option('--project <project>', 'which Firebase project; else the one signed in to last')
    .option('--emulator', 'the emulators of this checkout')
    .option('--region <region>', 'where the functions are deployed')
    .option('--json', 'for programs: exactly the response on stdout, errors as JSON on stderr')
    .option('--no-color', 'no color')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => void machine.stdout.write(text),
      writeErr: (text) => void machine.stderr.write(text),
      // Wrong usage is told like every other failure, not in words of the library.
      outputError: () => {},
    })
    .exitOverride()
    .addHelpText('after', `\n${EXIT_CODES_HELP}\n\n${ENVIRONMENT_HELP}`);
  addLoginCommands(program, machine);
  addDrillCommands(program, machine);
  addPolicyCommands(program, machine);
  addDegradedCommands(program, machine);
  addCapabilityCommands(program, machine);
  addConnectorCommands(program, machine);
  addExemptionCommands(program, machine);
  addDelegationCommands(program, machine);
  addProposalCommands(program, machine);
  addAuditCommands(program, machine);
  addStaffCommands(program, machine);
  addSessionCommands(program, machine);
  addPostureCommand(program, machine);
  addChaosCommands(program, machine);
  addGameDayCommand(program, machine);
  return program;
};
